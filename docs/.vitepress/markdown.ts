/** Markdown as GitHub reads it, for VitePress, which takes pages for Vue components. */
import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { destinationOf } from './links.ts'
import { root, sourceOf } from './pages.ts'

type State = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0]
type Token = State['tokens'][number]

const COMMENTS = /<!--[\s\S]*?-->/g
/** An element of HTML. `<Mbox>` and `<T>` in prose are none: they are shown as they stand. */
const ELEMENT = /^\s*<\/?(a|br|details|div|em|img|kbd|p|picture|source|span|strong|sub|summary|sup)[\s/>]/

const isHtml = ({ type }: Token): boolean => type === 'html_block' || type === 'html_inline'

/** Comments name samples and sizes: only tests read them. */
const withoutComments = (tokens: Token[]): Token[] =>
  tokens.filter((token) => {
    if (!isHtml(token)) return true
    token.content = token.content.replace(COMMENTS, '')
    if (token.content.trim() && !ELEMENT.test(token.content)) token.type = 'text'
    return token.content.trim() !== ''
  })

/** Links to pages lead to their addresses; of links to what the site has not, the words stay. */
const resolveLinks = (tokens: Token[], source: string): Token[] => {
  const open: boolean[] = []
  return tokens.filter((token) => {
    if (token.type === 'link_close') return open.pop()
    if (token.type !== 'link_open') return true
    const destination = destinationOf(source, token.attrGet('href') ?? '')
    if (destination.kind === 'page') token.attrSet('href', `/${destination.file}${destination.anchor}`)
    if (destination.kind === 'data') {
      token.attrSet('href', `/${destination.file}`)
      token.attrSet('target', '_self')
    }
    open.push(destination.kind !== 'source')
    return destination.kind !== 'source'
  })
}

/** The file that is rendered. One that is included lies elsewhere than its text does. */
const fileIn = ({ env }: State): string | undefined => {
  const { realPath, path } = env as { realPath?: string; path?: string }
  return realPath ?? path
}

/** A picture in the width of a page is small: a click shows it by itself. */
const linkPictures = (tokens: Token[], source: string, state: State): Token[] =>
  tokens.flatMap((token) => {
    if (token.type !== 'image') return [token]
    const destination = destinationOf(source, token.attrGet('src') ?? '')
    if (destination.kind !== 'data') return [token]
    const shown = relative(dirname(fileIn(state) ?? ''), join(root, 'docs', destination.file)).replaceAll('\\', '/')
    token.attrSet('src', shown.startsWith('.') ? shown : `./${shown}`)
    const [open, close] = [new state.Token('link_open', 'a', 1), new state.Token('link_close', 'a', -1)]
    open.attrSet('href', `/${destination.file}`)
    open.attrSet('target', '_self')
    return [open, token, close]
  })

/** The page that is rendered, by its path from the root; none for text that is no page. */
const sourceIn = (state: State): string | undefined => {
  const file = fileIn(state)
  return file && sourceOf(relative(join(root, 'docs'), file).replaceAll('\\', '/'))
}

const mended = (tokens: Token[], state: State): Token[] => {
  const source = sourceIn(state)
  const kept = withoutComments(tokens)
  // Vue would compute what stands between braces.
  for (const token of kept) if (token.type === 'code_inline') token.attrSet('v-pre', '')
  return source ? linkPictures(resolveLinks(kept, source), source, state) : kept
}

/** Teaches a renderer what GitHub's does with links, comments, braces and angle brackets. */
export const asOnGitHub = (md: MarkdownRenderer): void => {
  md.core.ruler.push('as_on_github', (state) => {
    state.tokens = withoutComments(state.tokens)
    for (const token of state.tokens) if (token.children) token.children = mended(token.children, state)
  })
  const { text } = md.renderer.rules
  md.renderer.rules.text = (...parts) => (text?.(...parts) ?? '').replaceAll('{{', '&#123;&#123;')
}
