import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineName, Page } from './engines/engine.ts'

// What a page looks like: kept for people to look at, and counted by its own browser.

const folder = join(import.meta.dirname, '../../node_modules/.cache/isotarget/screenshots')

export interface Picture {
  width: number
  height: number
  /** How many colours there are: a page that has not been drawn has one or two. */
  shades: number
  /** How many pixels have about the colour that was asked for. */
  pixels: number
}

/** Runs in the page: no image element, which a strict policy would refuse. */
const look = async (png: string, color: string): Promise<Picture> => {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = bitmap
  const drawing = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
  drawing?.drawImage(bitmap, 0, 0)
  const data = drawing?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
  const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  const shades = new Set<number>()
  let pixels = 0
  for (let at = 0; at < data.length; at += 4) {
    const found = [0, 1, 2].map((channel) => data[at + channel] ?? 0)
    shades.add(found.reduce((sum, part) => sum * 256 + part, 0))
    if (found.every((part, channel) => Math.abs(part - (wanted[channel] ?? 0)) < 8)) pixels++
  }
  return { width, height, shades: shades.size, pixels }
}

/** Takes a picture of what is visible, to be found by its name, and looks for a colour, written as `#c2410c`. */
export const pictureOf = async (
  page: Page,
  { name, engine, color }: { name: string; engine: EngineName; color: string },
): Promise<Picture> => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}-${engine}.png`)
  await page.screenshot(path)
  return page.evaluate(look, readFileSync(path).toString('base64'), color)
}
