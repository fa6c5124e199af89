// The other end of the benchmark, in a process of its own: answers at once, and counts.
import { createServer } from 'node:http'

const place = ({ name, index }) => ({
  name,
  index,
  state: 'c3RhdGU=',
  options: [
    { type: 'html', content: `<h1>${name}</h1>`, eventToken: 'dG9rZW4=', responseTokens: { 'activity.id': '1' } },
  ],
})

let count = 0
const answer = (body) => {
  const { prefetch, notifications, requestId } = JSON.parse(body)
  if (notifications) count++
  return JSON.stringify({
    status: 200,
    requestId,
    // No cluster: with one, Adobe's SDK leaves the configured host.
    id: { tntId: 'f00dcafe' },
    client: 'acme',
    ...(prefetch && { prefetch: { mboxes: prefetch.mboxes.map(place) } }),
    ...(notifications && { notifications: notifications.map(({ id }) => ({ id })) }),
  })
}

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('content-type', 'application/json')
    response.end(answer(body))
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('message', () => process.send(count))
