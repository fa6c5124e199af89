import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('collector-server.mjs', import.meta.url))

/** Starts what notifications are sent to; `count()` gives the `posts` and `notifications` that came, `domain` is its host and port. */
export const startCollector = async () => {
  const child = fork(program)
  const next = () => new Promise((resolve) => child.once('message', resolve))
  const port = await next()
  return {
    domain: `127.0.0.1:${port}`,
    count: () => {
      const answer = next()
      child.send('count')
      return answer
    },
    stop: () => child.kill(),
  }
}
