// A network between a page and a server of this machine: it takes time, and may be down.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** What the two ends of a connection owe each other; both times in ms. */
const relay = (client, { port, roundTrip, handshake }) => {
  const early = []
  let server
  const later = (step) => setTimeout(step, roundTrip / 2)
  const send = (chunk) => later(() => server.writable && server.write(chunk))
  const open = () => {
    server = connect(port, '127.0.0.1')
    server.on('data', (chunk) => later(() => client.writable && client.write(chunk)))
    server.on('error', () => {})
    server.on('close', () => later(() => client.destroy()))
    for (const chunk of early) send(chunk)
  }
  // What a browser takes back before the connection stands was never on its way.
  const opening = setTimeout(open, handshake)
  client.on('data', (chunk) => (server ? send(chunk) : early.push(chunk)))
  client.on('error', () => {})
  client.on('close', () => {
    clearTimeout(opening)
    if (server) later(() => server.destroy())
  })
}

export const openWire = async (network) => {
  const clients = new Set()
  let isDown = false
  const wire = createServer((client) => {
    if (isDown) {
      client.resetAndDestroy()
      return
    }
    clients.add(client)
    client.on('close', () => clients.delete(client))
    client.setNoDelay()
    relay(client, network)
  })
  wire.listen(0, '127.0.0.1')
  await once(wire, 'listening')
  const cut = () => {
    for (const client of clients) client.resetAndDestroy()
  }
  return {
    port: wire.address().port,
    down() {
      isDown = true
      cut()
    },
    up() {
      isDown = false
    },
    close() {
      cut()
      wire.close()
    },
  }
}
