// The other end, in a process of its own: answers in the shape of the Delivery API, and counts. Of a visitor it keeps the session's name, so
// that it is not what is measured. What is offered names the visitor, when the session and the parameter that were sent agree.
import { createServer } from 'node:http'
import { createEmulator } from 'isotarget/emulator'

const TOKEN = `${'dG9rZW4'.repeat(8)}==`

const optionOf = (content) => ({
  type: 'html',
  content,
  eventToken: TOKEN,
  responseTokens: { 'activity.id': '1', 'activity.name': 'Summer', 'experience.id': '0', 'offer.id': '1' },
})

/** The rules that the emulator publishes for the same offer. */
const rules = await (async () => {
  const emulator = createEmulator({ client: 'acme', offers: { hero: `Sun for \${mbox.visitor}` } })
  return (await emulator('https://assets.adobetarget.com/acme/production/v1/rules.json')).text()
})()

const zero = () => ({ calls: 0, asked: 0, notifications: 0, sessions: 0, rules: 0, refused: 0 })
let counts = zero()
let sessions = new Set()
/** How long an answer takes, in ms. */
let latency = 0

const answerOf = (session, { execute, notifications, requestId }) => {
  counts.calls++
  if (execute) counts.asked++
  counts.notifications += notifications?.length ?? 0
  if (!sessions.has(session)) counts.sessions = sessions.add(session).size
  return {
    status: 200,
    requestId,
    client: 'acme',
    // No cluster: with one, Adobe's SDK leaves the configured host.
    id: { tntId: `of-${session}` },
    ...(execute && {
      execute: {
        mboxes: execute.mboxes.map(({ name, index, parameters }) => {
          const isTheirs = parameters?.visitor === session
          return { name, index, options: [optionOf(isTheirs ? `Sun for ${session}` : 'of somebody else')] }
        }),
      },
    }),
    ...(notifications && { notifications: notifications.map(({ id }) => ({ id })) }),
  }
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    counts.rules++
    response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(rules)
    return
  }
  const session = /[?&]sessionId=([^&]*)/.exec(request.url)?.[1]
  let body = ''
  request.setEncoding('utf8').on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    if (!session) counts.refused++
    const answer = session ? answerOf(session, JSON.parse(body)) : { status: 400, message: 'sessionId' }
    const send = () =>
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    if (latency) setTimeout(send, latency)
    else send()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

process.on('message', ({ id, ask }) => {
  const reply = { ...counts }
  if (ask.latency !== undefined) latency = ask.latency
  if (ask === 'reset') {
    counts = zero()
    sessions = new Set()
  }
  process.send({ id, reply })
})
