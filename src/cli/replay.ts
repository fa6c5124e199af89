import { createReplay, type ReplayEvent } from '../recording/replay.ts'
import { command } from './command.ts'
import { EXIT, misused } from './failure.ts'
import { titled } from './flags.ts'
import { count, cut, plain } from './layout.ts'
import { listenFlags, opened, portOf } from './listening.ts'
import { readRecordingFile } from './recording-file.ts'
import type { Terminal } from './terminal.ts'

const lineOf = ({ status, asked, exchange, message }: ReplayEvent, { paint, width }: Terminal): string => {
  const which = message ? '' : exchange === undefined ? ' acknowledged' : ` number ${exchange + 1}`
  const line = `${(message ? paint.bad : paint.good)(`${status}`)} ${cut(plain(asked.join(', ')), width - which.length - 4)}`
  return message ? `${line}\n    ${paint.bad(plain(message))}` : `${line}${paint.faint(which)}`
}

/** A recording that answers. */
export const replayCommand = command({
  name: 'replay',
  summary: 'Answer by a recording, without the edge',
  description:
    'Answers what was recorded with isotarget record. A call is known by the places that it asks for, and gets its own ids in the answer; what was asked more than once is answered in the order of the recording. Any other call is answered 404 and told the nearest recorded one. The exit code is 1 when there were such calls.',
  takes: '<recording.json>',
  flags: {
    ...listenFlags,
    ...titled('What it says', { quiet: { short: 'q', text: 'Says nothing of each call' } }),
  },
  examples: [
    ['At http://127.0.0.1:8080', 'isotarget replay recording.json'],
    ['On a free port, with each call as a line of JSON', 'isotarget replay recording.json --port 0 --json'],
    ['For other machines too', 'isotarget replay recording.json --host 0.0.0.0 --quiet'],
  ],
  async run({ given, words, terminal }) {
    const [file] = words
    if (file === undefined) throw misused('isotarget replay needs a recording: isotarget replay recording.json')
    const port = portOf(given)
    const recording = readRecordingFile(file)
    const replay = createReplay(recording)
    replay.on((event) => {
      if (!given.quiet) terminal.out(given.json ? JSON.stringify(event) : lineOf(event, terminal))
    })
    const { paint } = terminal
    const holds = `${count(recording.exchanges.length, 'exchange')} of ${plain(file)}`
    const listening = await opened(replay, {
      ...{ given, port, terminal },
      opening: (url) => `${paint.strong('replay')}  ${paint.name(url)}   ${holds}\n${paint.faint('Ctrl-C ends it')}\n`,
    })
    await listening.closed()
    const { missed, unasked } = replay
    if (given.json) terminal.out(JSON.stringify({ missed, unasked: unasked.length }))
    else
      terminal.out(
        `\n${count(missed.length, 'call')} not in the recording, ${count(unasked.length, 'exchange')} not asked for`,
      )
    return missed.length ? EXIT.failed : EXIT.ok
  },
})
