import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts a program, which says its port when it is ready and answers what it is asked. */
const startProcess = async (url, ...args) => {
  const child = fork(fileURLToPath(url), args, { execArgv: ['--expose-gc'] })
  const waiting = new Map()
  let id = 0
  const ended = new Promise((_, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${url} ended with ${code ?? signal}`)))
  })
  // It ends when it is stopped, too.
  ended.catch(() => {})
  const ready = new Promise((resolve) => {
    child.once('message', resolve)
  })
  const { port } = await Promise.race([ready, ended])
  child.on('message', ({ id, reply }) => {
    waiting.get(id)?.(reply)
    waiting.delete(id)
  })
  return {
    port,
    ask(ask) {
      const answer = new Promise((resolve) => waiting.set(++id, resolve))
      child.send({ id, ask })
      return Promise.race([answer, ended])
    },
    stop: () => child.kill(),
  }
}

export const startEdge = () => startProcess(new URL('edge.mjs', import.meta.url))
export const startLoad = () => startProcess(new URL('load.mjs', import.meta.url))
export const startShop = (variant) => startProcess(new URL('app.mjs', import.meta.url), JSON.stringify(variant))
