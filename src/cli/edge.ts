import { createEmulator, type Emulator } from '../emulator/emulator.ts'
import type { Offers } from '../emulator/offers.ts'
import { command } from './command.ts'
import { edgeFlags, emulatorOptionsOf, faultOf, siteOf } from './edge-asked.ts'
import { createFeed, type Feed } from './edge-feed.ts'
import { readActivitiesFile, watchFile } from './edge-file.ts'
import { pageRoutes } from './edge-page.ts'
import { rowOf } from './edge-row.ts'
import { lineOf, openingOf } from './edge-told.ts'
import { EXIT, failed, misused, reasonOf } from './failure.ts'
import { titled } from './flags.ts'
import { json, plain } from './layout.ts'
import { opened, portOf } from './listening.ts'
import type { Terminal } from './terminal.ts'

/** Takes the activities again whenever their file is written; bad ones are told, and those before stay. */
const follow = (edge: Emulator, { file, feed, terminal }: { file: string; feed: Feed; terminal: Terminal }) =>
  watchFile(file, () => {
    try {
      edge.update(readActivitiesFile(file) as Offers)
      feed.problem('')
      feed.links()
      feed.report()
      terminal.err(terminal.paintErr.good(`${file} was read again`))
    } catch (error) {
      const text = `${plain(reasonOf(error))}: the activities before stay`
      feed.problem(text)
      terminal.err(`${terminal.paintErr.bad('isotarget:')} ${text}`)
    }
  })

const createEdge = (file: string, options: ReturnType<typeof emulatorOptionsOf>): Emulator => {
  const offers = readActivitiesFile(file) as Offers
  try {
    return createEmulator({ ...options, offers })
  } catch (error) {
    throw failed(`The activities ${file} cannot be used: ${reasonOf(error)}`, error)
  }
}

/** A Target edge on this machine. */
export const edgeCommand = command({
  name: 'edge',
  summary: 'Serve a Target edge of your own, by activities in a file',
  description:
    'Decides, counts and refuses as the Delivery API does, publishes the rules for devices, and shows activities, traffic and counts on a page. The file is read again whenever it is written. Ctrl-C ends it and prints what was counted.',
  takes: '<activities.json>',
  flags: {
    ...edgeFlags,
    ...titled('What it says', { quiet: { short: 'q', text: 'Says nothing of each call' } }),
  },
  examples: [
    ['An edge at http://127.0.0.1:8080, and its page', 'isotarget edge activities.json'],
    [
      'One that is slow and fails every tenth time',
      'isotarget edge activities.json --latency 80±40 --fault 503=0.1 --fault reset=0.01',
    ],
    ['On a free port, with each call as a line of JSON', 'isotarget edge activities.json --port 0 --json'],
  ],
  async run({ given, words, terminal }) {
    const [file] = words
    if (file === undefined) throw misused('isotarget edge needs a file of activities: isotarget edge activities.json')
    const port = portOf(given)
    const site = siteOf(given)
    const faults = given.fault.map(faultOf)
    const edge = createEdge(file, emulatorOptionsOf(given))
    for (const fault of faults) edge.fail(fault)

    let url = ''
    const feed = createFeed(edge, { file, site, url: () => url })
    const reset = (): void => {
      edge.reset()
      for (const fault of faults) edge.fail(fault)
      feed.clear()
      feed.report()
    }
    const listening = await opened(edge, {
      ...{ given, port, terminal },
      also: pageRoutes({ feed, reset }),
      opening: (url) => openingOf({ url, file, client: given.client, edge, site }, terminal),
    })
    url = listening.url
    edge.on((event) => {
      if (event.type !== 'request' || given.quiet) return
      const row = rowOf(edge, event.request)
      terminal.out(given.json ? JSON.stringify(row) : lineOf(row, terminal))
    })
    const stop = follow(edge, { file, feed, terminal })
    await listening.closed()
    stop()
    terminal.out(given.json ? json(edge.ledger.report()) : `\n${edge.ledger}`)
    return EXIT.ok
  },
})
