import { expect, it } from 'vitest'
import { createTokens } from '../../src/emulator/tokens.ts'

const seal = { kind: 'display', visitor: 'tntId:abc', place: 'mbox:hero', activity: 1, experience: 0, part: 0 } as const

it('a token comes back as what was sealed, and holds every character that encodings spoil', () => {
  const { seal: make, open } = createTokens('key')
  for (let part = 0; part < 500; part++) {
    const token = make({ ...seal, part, place: `mbox:${'ü'.repeat(part % 7)}` })
    expect(token).toMatch(/^(?=.*\+)(?=.*\/).*=$/)
    expect(open(token)).toEqual({ ...seal, part, place: `mbox:${'ü'.repeat(part % 7)}` })
  }
  expect(open(make({ kind: 'state', visitor: 'v', place: 'pageLoad' }))).toEqual({
    kind: 'state',
    visitor: 'v',
    place: 'pageLoad',
  })
})

it('a token is the same for the same content', () => {
  expect(createTokens('key').seal(seal)).toBe(createTokens('key').seal(seal))
})

it.each(['', 'a', '=', 'bm90IG91cnM=', 'ü'])('"%s" is no token', (text) => {
  expect(createTokens('key').open(text)).toBeUndefined()
})

it('a token of another key, or with one character changed, is no token', () => {
  const token = createTokens('key').seal(seal)
  expect(createTokens('other').open(token)).toBeUndefined()
  for (let at = 0; at < token.length; at++) {
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
    expect(createTokens('key').open(changed)).toBeUndefined()
  }
})
