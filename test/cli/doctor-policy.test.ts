import { expect, it } from 'vitest'
import { elementsOf } from '../../src/cli/doctor-html.ts'
import { allowsAddress, allowsInline, allowsScript, governing, policiesOf } from '../../src/cli/doctor-policy.ts'

const page = 'https://shop.example/'

it.each<[sources: string, address: string, isAllowed: boolean]>([
  ["'self'", 'https://shop.example/x', true],
  ["'self'", 'https://www.shop.example/x', false],
  ["'none'", 'https://shop.example/x', false],
  ['*', 'https://a.example/', true],
  ['https:', 'https://a.example/', true],
  ['http:', 'https://a.example/', true],
  ['https:', 'http://a.example/', false],
  ['*.tt.omtrdc.net', 'https://acme.tt.omtrdc.net/rest', true],
  ['*.tt.omtrdc.net', 'https://tt.omtrdc.net/rest', false],
  ['*.TT.omtrdc.net', 'https://acme.tt.omtrdc.net/rest', true],
  ['https://acme.tt.omtrdc.net', 'https://acme.tt.omtrdc.net/rest', true],
  ['acme.tt.omtrdc.net:443', 'https://acme.tt.omtrdc.net/rest', true],
  ['acme.tt.omtrdc.net:8443', 'https://acme.tt.omtrdc.net/rest', false],
  ['acme.tt.omtrdc.net:*', 'https://acme.tt.omtrdc.net:9000/rest', true],
  ['acme.tt.omtrdc.net', 'https://acme.tt.omtrdc.net:9000/rest', false],
  ['acme.tt.omtrdc.net/rest/', 'https://acme.tt.omtrdc.net/rest/v1', true],
  ['acme.tt.omtrdc.net/rest', 'https://acme.tt.omtrdc.net/rest/v1', false],
  ['http://acme.tt.omtrdc.net', 'https://acme.tt.omtrdc.net/', true],
])('%s and %s: %s', (sources, address, isAllowed) => {
  expect(allowsAddress(sources.split(' '), address, page)).toBe(isAllowed)
})

const hash = "'sha256-LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564='"

it.each<[sources: string, nonce: string | undefined, isAllowed: boolean]>([
  ["'unsafe-inline'", undefined, true],
  ["'unsafe-inline' 'nonce-a'", undefined, false],
  ["'unsafe-inline' 'strict-dynamic'", undefined, false],
  ["'nonce-a'", 'a', true],
  ["'nonce-a'", 'A', false],
  ["'nonce-a'", undefined, false],
  [hash, undefined, true],
  ["'self'", undefined, false],
])('inline, %s with the nonce %s: %s', (sources, nonce, isAllowed) => {
  expect(allowsInline(sources.split(' '), { nonce, text: 'foo' })).toBe(isAllowed)
})

it('a script by its nonce, its hash or its host, and with strict-dynamic by no host', () => {
  const script = { address: 'https://shop.example/a.js', page }
  expect(allowsScript(["'self'"], script)).toBe(true)
  expect(allowsScript(["'self'", "'strict-dynamic'"], script)).toBe(false)
  expect(allowsScript(["'nonce-a'", "'strict-dynamic'"], { ...script, nonce: 'a' })).toBe(true)
  expect(allowsScript(["'sha256-x'"], { ...script, integrity: 'sha256-x' })).toBe(true)
  expect(allowsScript(["'sha256-x'"], { ...script, integrity: 'sha256-x sha256-y' })).toBe(false)
})

it('directives fall back, the first of a name holds, and a comma begins another policy', () => {
  const [one, two] = policiesOf("DEFAULT-SRC 'self'; script-src a; script-src b , connect-src c")
  expect(one && governing(one, 'script-src-elem')).toEqual({ name: 'script-src', sources: ['a'] })
  expect(one && governing(one, 'connect-src')).toEqual({ name: 'default-src', sources: ["'self'"] })
  expect(two && governing(two, 'script-src-elem')).toBeUndefined()
})

it('reads tags as browsers do', () => {
  const html = `<!-- <script src="comment.js"></script> --><title><script src="title.js"></script></title>
    <p title="a > b <script>">x</p><SCRIPT Src='a.js' ASYNC data-x="1 &amp; 2" src="second.js"></SCRIPT>
    <script>const text = '<script src="inner.js">'</script ><meta http-equiv=refresh content="a>b">
    <noscript><style id="no"></style></noscript><style nonce=n>a > b {}</style><script>unfinished`
  expect(elementsOf(html).map(({ name, attributes, text }) => [name, attributes, text])).toEqual([
    ['script', { src: 'a.js', async: '', 'data-x': '1 & 2' }, ''],
    ['script', {}, `const text = '<script src="inner.js">'`],
    ['meta', { 'http-equiv': 'refresh', content: 'a>b' }, ''],
    ['style', { nonce: 'n' }, 'a > b {}'],
    ['script', {}, 'unfinished'],
  ])
})
