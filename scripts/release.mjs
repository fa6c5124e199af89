// Usage: node scripts/release.mjs check <tag> | notes
// `check` says whether a tag may be published; `notes` writes the changes of this version and the table of its script files.
import { readFileSync } from 'node:fs'
import { freshDist } from './fresh-dist.mjs'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { version } = JSON.parse(read('package.json'))

/** What the changelog says of this version; empty when it says nothing. */
const changes = () =>
  read('CHANGELOG.md')
    .split(/^## /m)
    .find((part) => part.split('\n')[0] === version)
    ?.replace(/^.*\n+/, '')
    .trim() ?? ''

const check = (tag) => {
  const problems = [
    ...(tag === `v${version}` ? [] : [`the tag is ${tag} and package.json says ${version}: tag it v${version}`]),
    ...(changes() ? [] : [`CHANGELOG.md has nothing under "## ${version}": write what has changed for users`]),
  ]
  for (const problem of problems) console.error(`release: ${problem}`)
  process.exitCode = problems.length ? 1 : 0
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

const notes = () => {
  freshDist()
  const rows = Object.entries(JSON.parse(read('dist/integrity.json'))).map(
    ([file, { integrity, bytes, gzip, brotli }]) =>
      `| \`${file}\` | ${kB(bytes)} | ${kB(gzip)} | ${kB(brotli)} | \`${integrity}\` |`,
  )
  const table = ['| file | bytes | gzip | brotli | integrity |', '|---|---|---|---|---|', ...rows].join('\n')
  console.log(`# ${version}\n\n${changes()}\n\n## Script files\n\n${table}`)
}

const [command, tag = ''] = process.argv.slice(2)
if (command === 'check') check(tag)
else if (command === 'notes') notes()
else {
  console.error('release: say check <tag>, or notes')
  process.exitCode = 2
}
