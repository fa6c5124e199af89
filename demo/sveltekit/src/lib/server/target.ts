import { TargetClient } from 'isotarget/server'

const edge = new URL(process.env.TARGET_EDGE ?? 'http://localhost:8787')

/** Also for the client of the page. */
export const account = {
  client: 'demo',
  organizationId: 'DEMO@AdobeOrg',
  serverDomain: edge.host, // without it Target's own edge is asked
  secure: edge.protocol === 'https:',
}

/** One client for the whole process; whoever waits longer than half a second sees the default content. */
export const target = TargetClient.create({ ...account, timeout: 500 })
target.on('requestFailed', ({ error }) => console.error('The default content is shown:', error.message))

// What is queued goes before the process ends.
process.on('sveltekit:shutdown', () => target.close({ timeout: 5000 }))
