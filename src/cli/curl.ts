import { curlOf } from '../delivery/curl.ts'
import { clusterOf, hostOf, urlOf } from '../delivery/endpoint.ts'
import type { DeliveryRequest } from '../delivery/request.ts'
import { createId } from '../platform/platform.ts'
import { requestFlags, requestOf } from './asked.ts'
import { command } from './command.ts'
import { EXIT, misused } from './failure.ts'
import { type Given, titled } from './flags.ts'
import { readJson } from './input.ts'
import { json } from './layout.ts'

const { at: _, ...askedFlags } = requestFlags

const curlFlags = {
  ...titled('Where it goes', {
    client: { value: 'code', text: 'Client code; names the account where no organization does' },
    'organization-id': { value: 'id', text: 'Experience Cloud organization, such as ABC@AdobeOrg' },
    edge: { value: 'url', text: 'An edge of your own, such as http://127.0.0.1:8080; default: that of the client' },
    session: { value: 'id', text: 'Session; default: a new one' },
  }),
  ...askedFlags,
  property: { value: 'token', text: 'Property of the request', title: 'What is asked for' },
  trace: { value: 'token', text: 'Authorization token of a trace', title: 'What is asked for' },
} as const

type CurlGiven = Given<typeof curlFlags>

/** Host and scheme of an edge. Throws a failure of usage for what is no address. */
const edgeOf = ({ edge }: CurlGiven): { serverDomain?: string; secure?: boolean } => {
  if (edge === undefined) return {}
  if (!/^https?:\/\/[^/]+\/?$/.test(edge) || !URL.canParse(edge)) {
    throw misused(`--edge is an address without a path, such as http://127.0.0.1:8080, not ${edge}`)
  }
  const { host, protocol } = new URL(edge)
  return { serverDomain: host, secure: protocol === 'https:' }
}

const addressOf = (given: CurlGiven, { id }: DeliveryRequest): string => {
  const { client, 'organization-id': organizationId, session = createId() } = given
  if (client === undefined && organizationId === undefined) {
    throw misused('There is no account: name it with --client, --organization-id, or both')
  }
  const own = edgeOf(given)
  const cluster = clusterOf(id?.tntId)
  // The host is that of the client, unless the visitor's id or an address names another.
  if (client === undefined && !own.serverDomain && !cluster) {
    throw misused('The host is named by the client: add --client, or --edge with an address')
  }
  const endpoint = {
    client: client ?? '',
    organizationId: organizationId ?? '',
    tenant: organizationId === undefined ? ('client' as const) : ('imsOrgId' as const),
    ...own,
  }
  return urlOf(endpoint, hostOf(endpoint, cluster), session)
}

const isEmpty = (value: object | undefined): boolean => !Object.keys(value ?? {}).length

/** Without what says nothing: an `id` without any id is refused. */
const spoken = ({ id, context, ...rest }: DeliveryRequest): object => {
  const { address, ...surroundings } = context
  return {
    context: { ...surroundings, ...(!isEmpty(address) && { address }) },
    ...(!isEmpty(id) && { id }),
    ...rest,
  }
}

/** Writes a Delivery API call down. */
export const curlCommand = command({
  name: 'curl',
  summary: 'Write a Delivery API call as a line for curl',
  description:
    'Builds the call that a client would make, checked as a client checks it, and prints it as a line for a shell. Nothing is sent. What is executed counts when you send it; what is prefetched does not.',
  flags: curlFlags,
  examples: [
    ['One mbox, prefetched', 'isotarget curl --client acme --mbox home --prefetch'],
    [
      'As one visitor, on a page',
      'isotarget curl --client acme --organization-id ABC@AdobeOrg --mbox home --tnt-id 338e3c1e51f7416a8e1ccba4f81acea0.35_0 --url https://shop.example/',
    ],
    [
      'To an edge of your own',
      'isotarget curl --client acme --edge http://127.0.0.1:8080 --page-load --view checkout --param plan=gold',
    ],
    ['Its parts, for a program', 'isotarget curl --client acme --mbox home --json'],
  ],
  async run({ given, terminal }) {
    const { request: place, trace } = given
    const file = place === undefined ? {} : await readJson({ place, what: 'request' }, terminal, { timeout: 30_000 })
    const request = requestOf({ ...given, at: undefined }, file)
    const body = { ...spoken(request), ...(trace !== undefined && { trace: { authorizationToken: trace } }) }
    const url = addressOf(given, request)
    const headers = { 'content-type': 'application/json' }
    if (given.json) terminal.out(json({ url, method: 'POST', headers, body }))
    else terminal.out(curlOf(url, JSON.stringify(body)))
    return EXIT.ok
  },
})
