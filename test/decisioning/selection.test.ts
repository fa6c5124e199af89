import { expect, it } from 'vitest'
import type { Artifact } from '../../src/decisioning/artifact.ts'
import { decide } from '../../src/decisioning/decide.ts'
import { compileArtifact } from '../../src/decisioning/ruleset.ts'
import type { DeliveryRequest } from '../../src/delivery/request.ts'
import { artifactOf, request, rule } from './rules.ts'

const contents = (options: readonly { content?: unknown }[] | undefined) => options?.map(({ content }) => content)

const mboxesOf = (artifact: Artifact, asked: DeliveryRequest) =>
  decide(artifact, asked, 0).response.prefetch?.mboxes?.map(({ name, index, options }) => [
    name,
    index,
    contents(options),
  ])

const viewsOf = (artifact: Artifact, asked: DeliveryRequest) =>
  decide(artifact, asked, 0).response.prefetch?.views?.map(({ name, options }) => [name, contents(options)])

it('3.3 without a property only rules of all properties take part, with one also its own', () => {
  const only = (token: string) => rule({ content: token, propertyTokens: [token], ruleKey: token })
  const rules = [
    only('a'),
    only('b'),
    rule({ content: 'all', ruleKey: 'all' }),
    rule({ content: 'empty', propertyTokens: [] }),
  ]
  const artifact = artifactOf({ mboxes: { 'target-global-mbox': rules } })
  const shown = (token?: string) =>
    decide(artifact, request({ pageLoad: {}, ...(token !== undefined && { property: { token } }) }), 0).response
      .prefetch
  expect(contents(shown()?.pageLoad?.options)).toEqual(['all', 'empty'])
  expect(contents(shown('a')?.pageLoad?.options)).toEqual(['a', 'all', 'empty'])
  expect(contents(shown('b')?.pageLoad?.options)).toEqual(['b', 'all', 'empty'])
  expect(contents(shown('')?.pageLoad?.options)).toEqual(['all', 'empty'])
  expect(contents(shown('unheard of')?.pageLoad?.options)).toEqual(['all', 'empty'])
})

it('3.4 the first rule that matches wins an mbox, and without one there is a placeholder', () => {
  const rules = [rule({ condition: false, content: 'a' }), rule({ content: 'b' }), rule({ content: 'c' })]
  const artifact = artifactOf({ mboxes: { home: rules, cart: [rule({ condition: false })] } })
  expect(mboxesOf(artifact, request({ mboxes: ['cart', 'home', 'nobody', { name: 'home', index: 7 }] }))).toEqual([
    ['cart', 0, undefined],
    ['home', 1, ['b']],
    ['nobody', 2, undefined],
    ['home', 7, ['b']],
  ])
})

const many = [
  rule({ name: 'target-global-mbox', ruleKey: '1', content: 'a' }),
  rule({ name: 'target-global-mbox', ruleKey: '1', content: 'b' }),
  rule({ name: 'target-global-mbox', ruleKey: '2', content: 'c', condition: false }),
  rule({ name: 'target-global-mbox', ruleKey: '2', content: 'd' }),
]

it('3.4 the page load shows every rule that matches, of each key the first', () => {
  const artifact = artifactOf({ mboxes: { 'target-global-mbox': many } })
  const { pageLoad } = decide(artifact, request({ pageLoad: {} }), 0).response.prefetch ?? {}
  expect(contents(pageLoad?.options)).toEqual(['a', 'd'])
  expect(pageLoad).not.toHaveProperty('name')
  const asked = request({ mboxes: [{ name: 'target-global-mbox', index: 3 }] })
  expect(mboxesOf(artifact, asked)).toEqual([
    ['target-global-mbox', 3, ['a']],
    ['target-global-mbox', 3, ['d']],
  ])
})

it('3.4 without a match the page load has no options, and the mbox of its name no answer', () => {
  const artifact = artifactOf({})
  expect(decide(artifact, request({ pageLoad: {} }), 0).response.prefetch).toEqual({ pageLoad: { options: [] } })
  expect(mboxesOf(artifact, request({ mboxes: ['target-global-mbox'] }))).toEqual([])
})

it('3.4 views are asked by name, or all at once, and what belongs together comes together', () => {
  const inView = (name: string, ruleKey: string, content: string) => rule({ name, ruleKey, content })
  const artifact = artifactOf({
    views: {
      list: [inView('list', '1-0', 'a'), inView('list', '1-1', 'b'), inView('list', '1-1', 'c')],
      detail: [inView('detail', '2', 'd'), inView('list', '3', 'e'), inView('detail', '1-0', 'f')],
    },
  })
  expect(viewsOf(artifact, request({ views: [{ name: 'list' }] }))).toEqual([['list', ['a', 'b']]])
  expect(viewsOf(artifact, request({ views: [{}] }))).toEqual([
    ['list', ['a', 'b', 'e']],
    ['detail', ['d']],
  ])
  expect(viewsOf(artifact, request({ views: [{ name: 'nobody' }] }))).toEqual([])
})

it('1.5 what the rules do not hold, or only in part, is for the edge to decide, and the status says so', () => {
  const artifact = artifactOf({
    mboxes: { home: [rule({})], mixed: [rule({ name: 'mixed' })] },
    views: { list: [], other: [] },
    remoteMboxes: ['mixed', 'far'],
    remoteViews: ['other', 'away'],
  })
  const remote = (asked: DeliveryRequest) => {
    const { remoteMboxes, remoteViews, response } = decide(artifact, asked, 0)
    return [response.status, remoteMboxes, remoteViews]
  }
  expect(remote(request({ mboxes: ['home'] }))).toEqual([200, [], []])
  expect(remote(request({ mboxes: ['home', 'mixed', 'nobody', 'nobody'] }))).toEqual([206, ['mixed', 'nobody'], []])
  expect(remote(request({ pageLoad: {} }))).toEqual([206, ['target-global-mbox'], []])
  expect(remote(request({ views: [{ name: 'list' }] }))).toEqual([200, [], []])
  expect(remote(request({ views: [{ name: 'other' }, {}] }))).toEqual([206, [], ['other']])
  expect(remote(request({ views: [{}] }))).toEqual([206, [], ['other', 'away']])
  expect(mboxesOf(artifact, request({ mboxes: ['mixed'] })), 'the part that is local').toEqual([
    ['mixed', 0, ['shown']],
  ])
})

it('the cost of a decision grows with what is asked: rules of other places are not even looked at', () => {
  const untouchable = () => {
    throw new Error('looked at')
  }
  const other = Object.defineProperty({}, 'condition', { get: untouchable, enumerable: true })
  const artifact = artifactOf({ mboxes: { home: [rule({})] } })
  Object.defineProperty(artifact.rules.mboxes, 'other', { get: untouchable, enumerable: true })
  Object.assign(artifact.rules, { views: { list: [other] } })
  expect(mboxesOf(artifact, request({ mboxes: ['home', 'unknown'] }))).toHaveLength(2)
  expect(() => decide(artifact, request({ mboxes: ['other'] }), 0)).toThrow('looked at')
})

it('an artifact is compiled once, also without being asked to', () => {
  const artifact = artifactOf({ mboxes: { home: [rule({})] } })
  let read = 0
  const counted = new Proxy(artifact, {
    get: (target, key) => {
      if (key === 'rules') read++
      return Reflect.get(target, key)
    },
  })
  mboxesOf(counted, request({ mboxes: ['home'] }))
  const once = read
  for (let call = 0; call < 10; call++) mboxesOf(counted, request({ mboxes: ['home'] }))
  expect(read).toBe(once)
  const rules = compileArtifact(artifact)
  expect(decide(rules, request({ mboxes: ['home'] }), 0).response.client).toBe('acme')
})
