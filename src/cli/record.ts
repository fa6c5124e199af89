import { createRecorder, type RecorderOptions } from '../recording/recorder.ts'
import type { RecordedExchange } from '../recording/recording.ts'
import { askedOf, shapeOf } from '../recording/shape.ts'
import { command } from './command.ts'
import { EXIT, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { count, cut, plain } from './layout.ts'
import { listenFlags, opened, portOf } from './listening.ts'
import { openRecordingFile, recordingBefore } from './recording-file.ts'
import type { Terminal } from './terminal.ts'

const recordFlags = {
  ...titled('Which edge answers', {
    to: { value: 'url', text: 'The edge, such as https://acme.tt.omtrdc.net' },
    rules: {
      value: 'url',
      text: 'Where rules for devices come from; default: the CDN of Target, or the edge where it is none of Target',
    },
  }),
  ...titled('What is written', {
    keep: {
      value: 'name',
      isMany: true,
      text: 'A parameter, profile parameter or key of page addresses whose values stay in the clear, and are compared in a replay',
    },
  }),
  ...listenFlags,
  ...titled('What it says', { quiet: { short: 'q', text: 'Says nothing of each call' } }),
} as const

const addressOf = (name: string, value: string | undefined): string | undefined => {
  if (value === undefined || (URL.canParse(value) && /^https?:\/\/[^/]+\/?$/.test(value))) return value
  throw misused(`--${name} is an address without a path, such as https://acme.tt.omtrdc.net, not ${value}`)
}

const optionsOf = (given: Given<typeof recordFlags>): RecorderOptions => {
  const to = addressOf('to', given.to)
  const rules = addressOf('rules', given.rules)
  if (to === undefined) throw misused('isotarget record needs an edge: --to https://acme.tt.omtrdc.net')
  return { to, keep: given.keep, ...(rules !== undefined && { rules }) }
}

/** An exchange as one line. */
const lineOf = (exchange: RecordedExchange, kept: readonly string[], { paint, width }: Terminal): string => {
  const { status } = exchange.response
  const asked = plain(shapeOf(askedOf(exchange), kept).join(', '))
  return `${(status < 400 ? paint.good : paint.bad)(`${status}`)} ${cut(asked, width - 4)}`
}

/** Writes down what an edge answers. */
export const recordCommand = command({
  name: 'record',
  summary: 'Record what a real edge answers, without what is secret',
  description:
    'Hands Delivery API calls, beacons and downloads of rules on to an edge, gives the caller its answer, and writes each exchange into a file. Ids, tokens, cookies, addresses, and values of parameters are replaced by stand-ins: equal ones by equal ones. A file that is there is gone on with.',
  takes: '<recording.json>',
  flags: recordFlags,
  examples: [
    ['What the edge of an account answers', 'isotarget record home.json --to https://acme.tt.omtrdc.net'],
    [
      'With the plans of visitors in the clear, because offers depend on them',
      'isotarget record plans.json --to https://acme.tt.omtrdc.net --keep plan --keep utm_source',
    ],
    ['Each exchange as a line of JSON', 'isotarget record home.json --to https://acme.tt.omtrdc.net --json'],
  ],
  async run({ given, words, terminal }) {
    const [file] = words
    if (file === undefined) throw misused('isotarget record needs a file: isotarget record home.json --to https://…')
    const port = portOf(given)
    const options = optionsOf(given)
    const before = recordingBefore(file)
    const kept = [...new Set([...before.kept, ...given.keep])]
    const writer = openRecordingFile(file, { ...before, kept })
    const recorder = createRecorder({
      ...options,
      recording: before,
      onExchange: (exchange) => {
        try {
          writer.add(exchange)
        } catch (error) {
          // The caller has nothing to do with it.
          terminal.err(
            `${terminal.paintErr.bad('isotarget:')} ${plain((error as Error).message)}: it is tried again with the next call`,
          )
        }
        if (given.quiet) return
        terminal.out(given.json ? JSON.stringify(exchange) : lineOf(exchange, kept, terminal))
      },
    })
    const listening = await opened(recorder, {
      ...{ given, port, terminal },
      opening: (url) => openingOf({ url, to: given.to ?? '', file }, terminal),
    })
    await listening.closed()
    writer.end()
    const written = recorder.recording.exchanges.length - before.exchanges.length
    if (given.json) terminal.out(JSON.stringify({ file, recorded: written }))
    else terminal.out(`\n${count(written, 'exchange')} written to ${plain(file)}`)
    return EXIT.ok
  },
})

const openingOf = ({ url, to, file }: Record<'url' | 'to' | 'file', string>, { paint }: Terminal): string =>
  [
    `${paint.strong('record')}  ${paint.name(url)}   answers as ${plain(to)}, written to ${plain(file)}`,
    `client  TargetClient.create({ client: '…', organizationId: '…', serverDomain: '${new URL(url).host}', secure: false })`,
    paint.faint('Ctrl-C ends it'),
    '',
  ].join('\n')
