/** Questions and answers by id over a WebSocket, the way both CDP and WebDriver BiDi have it. */
export const openSocket = async (url) => {
  const socket = new WebSocket(url)
  const pending = new Map()
  const listeners = new Set()
  let count = 0
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data)
    const waiting = pending.get(message.id)
    if (!waiting) {
      for (const listener of listeners) listener(message)
      return
    }
    pending.delete(message.id)
    if (message.error) waiting.reject(new Error(message.error.message ?? `${message.error}: ${message.message}`))
    else waiting.resolve(message.result)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of pending.values()) reject(new Error('the browser is gone'))
    pending.clear()
  })
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`cannot reach ${url}`)))
  })
  return {
    send: (method, params = {}, more = {}) =>
      new Promise((resolve, reject) => {
        const id = ++count
        pending.set(id, { resolve, reject })
        if (socket.readyState !== WebSocket.OPEN) reject(new Error('the browser is gone'))
        else socket.send(JSON.stringify({ id, method, params, ...more }))
      }),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => socket.close(),
  }
}
