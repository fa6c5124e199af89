import { readFileSync } from 'node:fs'

const pkg = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** The doors that the reference describes, in the order of package.json. `isotarget` itself is one of the first two. */
export const doors = Object.keys(pkg.exports)
  .filter((path) => /^\.\/[^.]+$/.test(path))
  .map((path) => path.slice('./'.length))

/** What `npm run docs` writes before the site is built; Git does not keep it. */
export const GENERATED = 'docs/generated'

/** Pages that are not in `docs/`: the site includes them. */
export const INCLUDED = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md']
