import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseVisitorCookie } from '../../src/client/supplemental-data.ts'
import { clusterOf, clusterOfHint, clusterOfHost, hostOf } from '../../src/delivery/endpoint.ts'
import { isTargetError } from '../../src/delivery/error.ts'
import { previewOf } from '../../src/delivery/preview-link.ts'
import { type DeliveryRequestInput, parseRequest } from '../../src/delivery/request.ts'
import { formatTargetCookie, isSessionId, parseTargetCookie } from '../../src/delivery/session.ts'
import { anyText, freeze, NOW, pathsOf, replaced, requests, WHOLE } from './whole-request.ts'

/** Strings that look like cookies, links and hosts, broken in all ways. */
const textOf = (...parts: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((all) => all.join(''))

const sessionIds = fc.string({ minLength: 1, maxLength: 128 }).filter(isSessionId)

describe('cookies', () => {
  it('check 28: no text of a cookie makes the reader throw', () => {
    const cookies = fc.oneof(anyText, textOf('session', 'PC', '#', '|', '%', '%E0%A4%A', '__proto__', '9999999999'))
    fc.assert(
      fc.property(cookies, (cookie) => {
        for (const value of Object.values(parseTargetCookie(cookie, NOW))) expect(typeof value).toBe('string')
      }),
    )
    fc.assert(fc.property(fc.anything(), (cookie) => void parseTargetCookie(cookie, NOW)))
  })

  it('check 29: what is written is read again as it was, until it has expired', () => {
    fc.assert(
      fc.property(sessionIds, fc.string({ minLength: 1, maxLength: 128 }), fc.nat(1859), (sessionId, tntId, age) => {
        const { value, maxAge } = formatTargetCookie({ sessionId, tntId }, NOW)
        expect(parseTargetCookie(value, NOW + age * 1000)).toEqual({ session: sessionId, PC: tntId })
        expect(parseTargetCookie(`${value}|`, NOW)).toEqual({ session: sessionId, PC: tntId })
        expect(parseTargetCookie(value, NOW + 1_862_000)).toEqual({ PC: tntId })
        expect(parseTargetCookie(value, NOW + (maxAge + 2) * 1000)).toEqual({})
        expect(value).toMatch(/^[!-+\--:<-[\]-~]*$/)
      }),
    )
  })

  it('check 29: no id makes the writer throw', () => {
    fc.assert(fc.property(anyText, anyText, (sessionId, tntId) => void formatTargetCookie({ sessionId, tntId }, NOW)))
  })

  it('check 30: no text of an AMCV cookie makes the reader throw', () => {
    const cookies = fc.oneof(anyText, textOf('MCMID', 'MCAAMLH-1', 'MCAAMB-1', '|', 'NONE', '%7C', '%', '-1'))
    fc.assert(
      fc.property(cookies, (cookie) => {
        for (const [name, value] of Object.entries(parseVisitorCookie(cookie))) {
          expect(name).toMatch(/^(MCMID|MCAAMLH|MCAAMB)$/)
          expect(value).toMatch(/^[^|]+$/)
        }
      }),
    )
    fc.assert(fc.property(fc.anything(), (cookie) => void parseVisitorCookie(cookie)))
  })
})

describe('hosts', () => {
  it('check 4: whatever stands in an id, a hint or a host, a cluster is digits or nothing', () => {
    const texts = fc.oneof(anyText, textOf('abc', '.', '_', '35', '0', '/', '@', 'mboxedge', '.tt.omtrdc.net', '３'))
    fc.assert(
      fc.property(texts, (text) => {
        for (const cluster of [clusterOf(text), clusterOfHint(text), clusterOfHost(text)]) {
          if (cluster !== undefined) expect(cluster).toMatch(/^[0-9]+$/)
          expect(hostOf({ client: 'acme', organizationId: 'X' }, cluster)).toMatch(
            /^(acme|mboxedge[0-9]+)\.tt\.omtrdc\.net$/,
          )
        }
      }),
    )
  })

  it('check 4: the cluster of a well-formed tntId is found', () => {
    const ids = fc.tuple(fc.stringMatching(/^[\da-f-]{1,36}$/), fc.nat(9999), fc.nat(999))
    fc.assert(
      fc.property(ids, ([id, cluster, node]) => {
        expect(clusterOf(`${id}.${cluster}_${node}`)).toBe(`${cluster}`)
      }),
    )
  })

  it('check 60: no link makes a QA mode that the wire would refuse', () => {
    const parts = ['at_preview_token=', 'at_preview_index=', 'at_preview_evaluate_as_true_audience_ids=', '&', '_', '1']
    fc.assert(
      fc.property(textOf(...parts, '-', '.', '%', 'at_preview='), (search) => {
        expect(() => parseRequest({ ...previewOf(search), execute: { pageLoad: {} } })).not.toThrow()
      }),
    )
  })
})

/** What becomes of a request: the text that goes over the wire, or the error. */
const outcomeOf = (input: unknown): { text: string } | { error: unknown } => {
  try {
    return { text: JSON.stringify(parseRequest(freeze(input) as DeliveryRequestInput)) }
  } catch (error) {
    return { error }
  }
}

describe('requests', () => {
  it('check 63: the whole request is good', () => {
    expect(outcomeOf(WHOLE)).toHaveProperty('text')
  })

  it('check 63: any JSON is sent or refused by a TargetError, and is never changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const before = JSON.stringify(input)
        const outcome = outcomeOf(input)
        if ('error' in outcome) expect(isTargetError(outcome.error)).toBe(true)
        expect(JSON.stringify(input)).toBe(before)
      }),
    )
  })

  it('check 63: a request that is wrong in any one place is sent or refused by a TargetError, and is never changed', () => {
    fc.assert(
      fc.property(requests, (input) => {
        const outcome = outcomeOf(input)
        if ('error' in outcome && !isTargetError(outcome.error)) throw outcome.error
      }),
      { numRuns: 2000 },
    )
  })

  it('check 63: what is sent is accepted again, as it is', () => {
    fc.assert(
      fc.property(requests, (input) => {
        const outcome = outcomeOf(input)
        // What JSON does not know becomes null in members that the contract does not know either.
        if ('text' in outcome && !outcome.text.includes('null'))
          expect(outcomeOf(JSON.parse(outcome.text))).toEqual(outcome)
      }),
    )
  })

  it('check 46: no name reaches a prototype', () => {
    const evil = fc
      .constantFrom(...pathsOf(WHOLE))
      .map((path) => replaced(WHOLE, path, JSON.parse('{"__proto__":{"x":1}}')))
    fc.assert(
      fc.property(evil, (input) => {
        outcomeOf(input)
        expect(({} as Record<string, unknown>).x).toBeUndefined()
      }),
    )
  })
})
