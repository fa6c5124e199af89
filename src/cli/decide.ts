import { decide } from '../decisioning/decide.ts'
import { command } from './command.ts'
import { EXIT } from './failure.ts'
import { titled } from './flags.ts'
import { headOf } from './head.ts'
import { json } from './layout.ts'
import { placesOf, telling } from './places.ts'
import { decisionFlags, prepare, rulesetFor } from './prepare.ts'
import { showPlace } from './show-place.ts'
import { showTrace } from './show-trace.ts'

/** Decides as a client with these rules would, and says what each place gets. */
export const decideCommand = command({
  name: 'decide',
  summary: 'Decide on the device, by the rules of an artifact',
  description:
    'Says what each place gets: the offer, its activity and experience, or why there is none. Nothing is counted and Target is not asked: a place that only the edge can decide on is named, and the exit code is 1.',
  flags: {
    ...decisionFlags,
    ...titled('How it is decided', {
      trace: { text: 'Adds the facts that rules were held against, and the audiences of each activity' },
    }),
  },
  examples: [
    ['What a new visitor gets', 'isotarget decide --artifact rules.json --mbox home --url https://shop.example/'],
    [
      'What one visitor gets in two places',
      'isotarget decide --artifact rules.json --mbox home --mbox cart --param plan=gold --tnt-id 338e3c1e51f7416a8e1ccba4f81acea0',
    ],
    [
      'Prefetch, with all that decided',
      'isotarget decide --artifact rules.json --page-load --view checkout --prefetch --geo country=US,city="SAN FRANCISCO" --trace',
    ],
    [
      'At another time, as JSON',
      'isotarget decide --artifact rules.json --request request.json --at 2026-11-27T09:00:00Z --json',
    ],
    ['By the rules that an account has published', 'isotarget decide --client acme --environment staging --mbox home'],
  ],
  async run({ given, words, terminal }) {
    const prepared = await prepare(given, words, terminal)
    const { opened, ruleset, now } = prepared
    const request = { ...prepared.request }
    // The device asks for no token: any will do.
    if (given.trace) request.trace ??= { authorizationToken: 'isotarget' }
    const decision = decide(ruleset, request, now)
    if (given.json) terminal.out(json(decision))
    else {
      const told = rulesetFor(telling(ruleset.artifact), { from: opened.from, given })
      terminal.out(headOf(prepared, terminal))
      for (const place of placesOf(told, request, now)) {
        terminal.out(`\n${showPlace(place, terminal)}`)
        if (request.trace) terminal.out(showTrace(place, terminal))
      }
    }
    return decision.response.status === 200 ? EXIT.ok : EXIT.failed
  },
})
