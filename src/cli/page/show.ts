import type { EdgeFeed } from '../edge-feed.ts'
import { type Links, showActivities } from './activities.ts'
import { showCall } from './calls.ts'
import { createTraffic } from './traffic.ts'

const clientOf = (url: string): string =>
  `TargetClient.create({ client: 'acme', organizationId: 'ABC@AdobeOrg', serverDomain: '${new URL(url).host}', secure: false })`

/** Listens to the edge and draws what it tells. */
export const showPage = (page: Document): void => {
  const at = (id: string): HTMLElement => {
    const found = page.getElementById(id)
    if (!found) throw new Error(`The page has no element ${id}`)
    return found
  }
  const calls = at('calls')
  const traffic = createTraffic(at('traffic'))
  const links: Links = { site: '', list: [] }
  const feed = new EventSource('/isotarget/events')
  const on = <Name extends keyof EdgeFeed>(name: Name, listener: (data: EdgeFeed[Name]) => void): void =>
    feed.addEventListener(name, ({ data }) => listener(JSON.parse(data)))
  const add = (row: EdgeFeed['call']): void => {
    traffic.add(row)
    showCall(calls, row)
    at('none').hidden = true
  }
  const problem = (text: string): void => {
    at('problem').hidden = !text
    at('problem').textContent = text
  }
  const clear = (): void => {
    calls.replaceChildren()
    traffic.clear()
    at('none').hidden = false
  }

  on('hello', ({ file, url, rows, totals, report, site, links: list, problem: text = '' }) => {
    clear()
    Object.assign(links, { site, list })
    at('file').textContent = file
    at('client').textContent = clientOf(url)
    for (const row of rows) add(row)
    traffic.start(totals)
    showActivities(at('activities'), report, links)
    problem(text)
    traffic.draw()
  })
  on('call', (row) => {
    add(row)
    traffic.draw()
  })
  on('report', (report) => showActivities(at('activities'), report, links))
  on('links', (list) => Object.assign(links, { list }))
  on('problem', problem)
  feed.addEventListener('open', () => page.body.classList.add('live'))
  feed.addEventListener('error', () => page.body.classList.remove('live'))
  setInterval(traffic.draw, 1000)

  at('copy').addEventListener('click', async () => {
    await navigator.clipboard.writeText(at('client').textContent ?? '')
    at('copy').textContent = 'Copied'
    setTimeout(() => {
      at('copy').textContent = 'Copy'
    }, 1500)
  })
  at('reset').addEventListener('click', async () => {
    const { ok } = await fetch('/isotarget/reset', { method: 'POST' })
    if (ok) clear()
    traffic.draw()
  })
}
