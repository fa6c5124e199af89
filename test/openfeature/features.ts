import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'

/** A sentence, with the table below it. */
interface Step {
  text: string
  table: string[][]
}

/** A scenario, or one row of an outline. */
export interface Scenario {
  file: string
  name: string
  tags: string[]
  steps: Step[]
}

/** All scenarios of a folder of features. */
export const readFeatures = (folder: string): Scenario[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.feature'))
    .flatMap((file) => {
      const newId = IdGenerator.incrementing()
      const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher())
      const document = { ...parser.parse(readFileSync(join(folder, file), 'utf8')), uri: file }
      return compile(document, file, newId).map(({ name, tags, steps }) => ({
        file,
        name,
        tags: tags.map((tag) => tag.name),
        steps: steps.map(({ text, argument }) => ({
          text,
          table: argument?.dataTable?.rows.map(({ cells }) => cells.map(({ value }) => value)) ?? [],
        })),
      }))
    })

/** Runs a step with what its sentence leaves open, and its table. */
export type Run<World> = (world: World, words: string[], table: string[][]) => unknown

/** Sentences, and what they do. */
export type Steps<World> = readonly (readonly [sentence: RegExp, run: Run<World>])[]

/** The step of a sentence. Throws when there is none, or more than one. */
export const stepOf = <World>(steps: Steps<World>, text: string): { run: Run<World>; words: string[] } => {
  const found = steps.flatMap(([sentence, run]) => {
    const match = sentence.exec(text)
    return match ? [{ run, words: match.slice(1).map((word) => word ?? '') }] : []
  })
  const [only, ...more] = found
  if (!only || more.length) throw new Error(`${found.length} steps are named: ${text}`)
  return only
}
