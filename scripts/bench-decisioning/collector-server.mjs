// What notifications are sent to, in a process of its own: it acknowledges all of them, and counts.
import { createServer } from 'node:http'

const count = { posts: 0, notifications: 0 }

const acknowledge = (body) => {
  const { requestId, id, notifications = [] } = JSON.parse(body)
  count.posts++
  count.notifications += notifications.length
  // No cluster: with one, Adobe's SDK leaves the configured host.
  const { tntId } = id ?? {}
  const acknowledged = notifications.map((notification) => ({ id: notification.id }))
  return JSON.stringify({ status: 200, requestId, id: { tntId }, client: 'acme', notifications: acknowledged })
}

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(acknowledge(body))
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('message', () => process.send(count))
process.on('disconnect', () => process.exit())
