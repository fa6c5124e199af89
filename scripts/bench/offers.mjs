// CPU of a remote `getOffers`. Contenders take turns, so that a busy machine slows all of them alike.
import { cpuOf, median, post } from './edge.mjs'

export const ROUNDS = 15
export const CALLS = 300

const request = () => ({
  context: { channel: 'web', userAgent: 'bench', address: { url: 'https://shop.example/' } },
  prefetch: {
    mboxes: [
      { name: 'home', index: 0 },
      { name: 'product1', index: 1 },
    ],
  },
})

const BARE = 'bare fetch + json()'

export const benchOffers = async ({ url, ours, theirs }) => {
  const contenders = {
    [BARE]: () => post(url, request()),
    isotarget: (call) => ours.getOffers({ request: request(), sessionId: `s${call}` }),
    '@adobe/target-nodejs-sdk': (call) => theirs.getOffers({ request: request(), sessionId: `s${call}` }),
  }
  const samples = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(contenders)) {
      const cpu = await cpuOf(CALLS, async () => {
        for (let call = 0; call < CALLS; call++) await work(call)
      })
      if (round >= 0) samples[name].push(cpu)
    }
  }
  return Object.entries(samples).map(([name, values]) => ({
    name,
    cpu: median(values),
    // Rounds are compared with their own neighbour, so that a slow moment of the machine does not count.
    ratio: median(values.map((value, round) => value / samples[BARE][round])),
  }))
}
