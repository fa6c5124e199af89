# A Target edge of one's own, from the packed package:
#   npm run build && npm pack && docker build -t isotarget .
#   docker run -p 8080:8080 -v "$PWD/activities.json:/srv/activities.json:ro" isotarget
FROM node:24-alpine

COPY isotarget-*.tgz /tmp/
RUN npm install --global --ignore-scripts /tmp/isotarget-*.tgz && rm /tmp/isotarget-*.tgz && npm cache clean --force

USER node
WORKDIR /srv
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=2s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/rest/v1/delivery', { method: 'OPTIONS' }).then(() => process.exit(0), () => process.exit(1))"]
ENTRYPOINT ["isotarget"]
CMD ["edge", "activities.json", "--host", "0.0.0.0"]
