import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

// What a page may count on is a list of 105 checks, and a test begins with the numbers of those that it makes. `checks.json` is the
// list as the titles say it: `vitest -u` writes it anew.

const root = join(import.meta.dirname, '../..')
const FOLDERS = ['test/browsers', 'test/dom', 'test/atjs']
const COUNT = 105

const textOf = (node: ts.Node | undefined): string | undefined =>
  node && ts.isStringLiteralLike(node) ? node.text : node && ts.isTemplateExpression(node) ? node.getText() : undefined

const withoutTypes = (node: ts.Expression): ts.Expression =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? withoutTypes(node.expression) : node

/** The rows of a table of tests, each by its first text. */
const rowsOf = (given: ts.Expression | undefined, file: ts.SourceFile): string[] => {
  const table = given && withoutTypes(given)
  if (!table) return []
  if (ts.isIdentifier(table)) {
    let rows: string[] = []
    const find = (node: ts.Node): void => {
      if (ts.isVariableDeclaration(node) && node.name.getText() === table.text) rows = rowsOf(node.initializer, file)
      else ts.forEachChild(node, find)
    }
    find(file)
    return rows
  }
  if (!ts.isArrayLiteralExpression(table)) return []
  return table.elements.map((row) => textOf(ts.isArrayLiteralExpression(row) ? row.elements[0] : row) ?? '')
}

/** Titles of the tests, and of groups of tests, that a file declares. */
const titlesIn = (path: string): string[] => {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const titles: string[] = []
  const look = (node: ts.Node): void => {
    ts.forEachChild(node, look)
    if (!ts.isCallExpression(node) || !/^(test|it|describe)\b/.test(node.expression.getText())) return
    const title = textOf(node.arguments[0])
    if (title === undefined) return
    const rows = ts.isCallExpression(node.expression) ? rowsOf(node.expression.arguments[0], file) : []
    // Only a title that begins with its row has the numbers of the row.
    titles.push(...(/^%s/.test(title) ? rows.map((row) => title.replace('%s', row)) : [title]))
  }
  look(file)
  return titles
}

/** `61. 63. a title; 64 another` makes the checks 61, 63 and 64. */
const numbersIn = (title: string): number[] =>
  [...title.matchAll(/(?:^|; )((?:\d+\.? )+)/g)].flatMap(([, list = '']) => (list.match(/\d+/g) ?? []).map(Number))

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /(\.test|-cases)\.ts$/.test(name))
    .map((name) => join(root, folder, name)),
)
const found = files.flatMap((file) =>
  titlesIn(file).flatMap((title) =>
    numbersIn(title).map((number) => ({ number, test: `${relative(join(root, 'test'), file)}: ${title}` })),
  ),
)
const checks = Array.from({ length: COUNT }, (_, at) => ({
  number: at + 1,
  tests: [...new Set(found.flatMap(({ number, test }) => (number === at + 1 ? [test] : [])))].sort(),
}))

it('every check has a test, and no test a number of none', () => {
  expect(checks.filter(({ tests }) => !tests.length).map(({ number }) => number)).toEqual([])
  expect(found.filter(({ number }) => number < 1 || number > COUNT)).toEqual([])
})

it('checks.json says which tests make which', async () => {
  const list = Object.fromEntries(checks.map(({ number, tests }) => [number, tests]))
  await expect(`${JSON.stringify(list, null, 2)}\n`).toMatchFileSnapshot('../browsers/checks.json')
})
