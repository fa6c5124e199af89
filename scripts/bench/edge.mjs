// The server of the benchmark, and the contenders' accounts with it.
import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TargetClient } from 'isotarget/server'

const program = fileURLToPath(new URL('server.mjs', import.meta.url))

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

/** CPU microseconds, user and system, of this process alone, for each of `count`. */
export const cpuOf = async (count, work) => {
  globalThis.gc?.()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/** `count()` tells how many calls with notifications came. */
export const startEdge = async () => {
  const child = fork(program)
  const port = await new Promise((resolve) => child.once('message', resolve))
  const count = () =>
    new Promise((resolve) => {
      child.once('message', resolve)
      child.send('count')
    })
  const account = { client: 'acme', organizationId: 'ABC@AdobeOrg', serverDomain: `127.0.0.1:${port}`, secure: false }
  const adobe = createRequire(import.meta.url)('@adobe/target-nodejs-sdk')
  return {
    port,
    account,
    url: `http://127.0.0.1:${port}/rest/v1/delivery?imsOrgId=ABC%40AdobeOrg&sessionId=s`,
    count,
    ours: TargetClient.create(account),
    theirs: adobe.create({ ...account, fetchApi: fetch, logger: undefined }),
    stop: () => child.kill(),
  }
}

/** A bare `fetch` with `json()`. */
export const post = async (url, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.json()
}
