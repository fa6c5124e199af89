// The visitors, in a process of their own: each comes once, with a session in its cookies, and looks whether the offer is its own.
import autocannon from 'autocannon'

const EXPIRES = Math.floor(Date.now() / 1000) + 86_400

/** `{ port, sdk, connections, amount | duration, rate, first }`: `rate` is how many come in a second, by default as many as can. Visitors are numbered from `first`. */
const visit = async ({ port, sdk, connections, amount, duration, rate, first }) => {
  let next = first
  let right = 0
  let wrong = 0
  const setupRequest = (request, context) => {
    context.visitor = `v${next++}`
    return {
      ...request,
      path: `/?visitor=${context.visitor}`,
      headers: { ...request.headers, cookie: `theme=dark; mbox=session#${context.visitor}#${EXPIRES}` },
    }
  }
  const onResponse = (...answer) => {
    const [status, body, { visitor }, headers] = answer
    const cookies = `${headers['set-cookie'] ?? headers['Set-Cookie'] ?? ''}`
    const isTheirs =
      sdk === 'none'
        ? body.includes('Our summer collection')
        : body.includes(`<h1>Sun for ${visitor}</h1>`) && cookies.includes(`mbox=session#${visitor}#`)
    if (status === 200 && isTheirs) right++
    else wrong++
  }
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    timeout: 30,
    headers: {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
    },
    requests: [{ setupRequest, onResponse }],
    ...(amount ? { amount } : { duration }),
    ...(rate && { overallRate: rate }),
  })
  const { latency, errors, timeouts, duration: seconds } = result
  return { right, wrong, errors: errors + timeouts, next, seconds, p50: latency.p50, p99: latency.p99 }
}

process.on('message', async ({ id, ask }) => process.send({ id, reply: await visit(ask) }))
process.send({ port: 0 })
