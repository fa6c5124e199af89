import { Refusal } from './outcome.ts'

const CHAIN = 'isotarget:redirects'
/** A page that comes later has not been sent by the last one, in ms. */
const RECENT = 30_000

interface Chain {
  urls: string[]
  at: number
}

/** Without the parts in which one page may have several addresses. */
const bare = (url: string): string => url.replace(/#.*/, '').replace(/([?&])adobe_mc_sdid=[^&]*/, '$1')

/** The pages that have led here by redirects. */
const cameBy = (here: string): string[] => {
  try {
    const { urls, at } = JSON.parse(sessionStorage.getItem(CHAIN) ?? '{}') as Partial<Chain>
    return Date.now() - Number(at) < RECENT && urls?.at(-1) === here ? urls : [here]
  } catch {
    // Without storage the last one is known at least.
    return [bare(document.referrer), here]
  }
}

/** Keeps the parameters of this page, but for those that the new address has itself. */
const withParameters = (url: URL): URL => {
  const own = new Set(url.searchParams.keys())
  const kept = location.search
    .slice(1)
    .split('&')
    .filter(
      (part) => part && !part.startsWith('adobe_mc_sdid=') && !own.has([...new URLSearchParams(part).keys()][0] ?? ''),
    )
  url.search = [url.search.slice(1), ...kept].filter(Boolean).join('&')
  return url
}

/** The id that joins the hits of both pages is valid for 30 s from its time, which is now. */
const withTime = (url: URL): URL => {
  url.search = url.search.replace(
    /([?&]adobe_mc_sdid=[^&]*?TS(?:=|%3D))\d+/i,
    (_, start) => start + Math.floor(Date.now() / 1000),
  )
  return url
}

/** The address to go to, whole. Throws for what is none, and for one from which the visitor was just sent here. */
export const destinationOf = (target: unknown): string => {
  let url: URL
  try {
    url = new URL(String(target), document.baseURI)
  } catch (error) {
    throw new Refusal('content', error)
  }
  if (typeof target !== 'string' || !/^https?:$/.test(url.protocol)) throw new Refusal('content')
  const { href } = withTime(withParameters(url))
  if (cameBy(bare(location.href)).includes(bare(href))) throw new Refusal('loop')
  return href
}

/** Leaves for the address, so that the way back leads to where the visitor was before. */
export const leave = (href: string): void => {
  const urls = [...cameBy(bare(location.href)), bare(href)]
  try {
    sessionStorage.setItem(CHAIN, JSON.stringify({ urls, at: Date.now() }))
  } catch {
    // The next page has the referrer.
  }
  location.replace(href)
}
