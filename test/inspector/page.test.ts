import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlOf } from '../../src/delivery/curl.ts'
import { activeQa, endAddress, qaAddress } from '../../src/inspector/qa.ts'
import { cookiesOf, sessionOf, shortened } from '../../src/inspector/visitor.ts'

const PAGE = 'https://shop.example/tea?size=9&at_preview_token=old&at_preview_index=9_9#top'
const wanted = { token: '', activity: '', experience: '', isListedOnly: false }
const queryOf = (href: string) => Object.fromEntries(new URL(href).searchParams)

test('a token with indexes becomes the parameters of a QA link, in the place of those before', () => {
  const href = qaAddress(PAGE, { token: ' a+b=/ ', activity: '2', experience: '1', isListedOnly: true })
  expect(queryOf(href)).toEqual({
    size: '9',
    at_preview_token: 'a+b=/',
    at_preview_index: '2_1',
    at_preview_listed_activities_only: 'true',
  })
  expect(href).toMatch(/#top$/)
})

test('a link that is pasted keeps all that it says; the form says more', () => {
  const token =
    'https://elsewhere.example/?x=1&at_preview_token=a+b&at_preview_index=1_2&at_preview_index=2_1&at_preview_evaluate_as_true_audience_ids=7#there'
  const url = new URL(qaAddress(PAGE, { ...wanted, token }))
  expect([url.host, url.searchParams.get('x')]).toEqual(['shop.example', null])
  expect(url.searchParams.getAll('at_preview_index')).toEqual(['1_2', '2_1'])
  expect(queryOf(url.href)).toMatchObject({ at_preview_token: 'a+b', at_preview_evaluate_as_true_audience_ids: '7' })
  expect(queryOf(qaAddress(PAGE, { ...wanted, token, activity: '3' }))).toMatchObject({ at_preview_index: '3' })
  expect(queryOf(qaAddress(PAGE, { ...wanted, token: '?at_preview=abc' }))).toEqual({ size: '9', at_preview: 'abc' })
  expect(queryOf(endAddress(PAGE))).toEqual({ size: '9', at_preview_token: '' })
})

test.each([
  [{}, 'Paste a QA link or a token first'],
  [{ token: 'a', activity: '0' }, 'An index is a whole number, and the first is 1'],
  [{ token: 'a', experience: '1' }, 'An experience needs the index of its activity'],
])('%o is refused in words', (given, message) => {
  expect(() => qaAddress(PAGE, { ...wanted, ...given })).toThrow(message)
})

const mode = encodeURIComponent(JSON.stringify({ token: 'abc', previewIndexes: [{ activityIndex: 1 }] }))
const COOKIES = `theme=dark; mbox=session#s1#1000000900|PC#d1.35_0#1063072000; mboxEdgeCluster=35; at_qa_mode=${mode}; AMCV_ABC%40AdobeOrg=MCMID%7C1`

test('cookies that have to do with Target are listed, and say who the visitor is', () => {
  const rows = cookiesOf(COOKIES)
  expect(rows.map(({ name, size }) => [name, size])).toEqual([
    ['mbox', 48],
    ['mboxEdgeCluster', 18],
    ['at_qa_mode', 11 + mode.length],
    ['AMCV_ABC@AdobeOrg', 29],
  ])
  const now = 1_000_000_000_000
  expect(sessionOf(rows, now)).toEqual({ sessionId: 's1', minutes: 15, tntId: 'd1.35_0' })
  expect(sessionOf(rows, now + 900_000)).toEqual({ tntId: 'd1.35_0' })
  expect(sessionOf(cookiesOf('mbox=session%23a%23nonsense%7Coops'), now)).toEqual({})
  expect(activeQa(rows)).toEqual({ qaMode: { token: 'abc', previewIndexes: [{ activityIndex: 1 }] } })
  expect(activeQa(cookiesOf('at_qa_mode=%7Boops; at_preview_mode=1'))).toEqual({ preview: Object(1) })
  expect([shortened('short'), shortened('0123456789'.repeat(4))]).toEqual(['short', '012345678901234567…456789'])
})

test('a line for curl is one call with this address and this body, whatever they hold', () => {
  const [url, body] = ["http://127.0.0.1:1/a?b='c'&d=$(id)", `{"it's":"a \`b\` $HOME \\\\ !x\n"}`]
  const line = curlOf(url, body).replace(/^curl/, 'printf "%s\\n---\\n"')
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\n---\n')).toEqual([
    url,
    '-H',
    'content-type: application/json',
    '-d',
    body,
    '',
  ])
})
