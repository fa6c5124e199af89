// Usage: npm run docs [-- --port 5173], npm run docs:build
// The documentation as a site: `docs/`, README and the reference. The first serves it and shows changes at once.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, createServer } from 'vitepress'
import { writeReference } from './docs/reference.mjs'
import { GENERATED, INCLUDED } from './docs/sources.mjs'
import { freshDist } from './fresh-dist.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'docs')
const generated = join(root, GENERATED)

const { values: flags } = parseArgs({ options: { build: { type: 'boolean' }, port: { type: 'string' } } })

/** VitePress takes only pages that lie in its folder. */
const includePages = () => {
  mkdirSync(generated, { recursive: true })
  for (const page of INCLUDED) writeFileSync(join(generated, page), `<!--@include: ../../${page}-->\n`)
}

/** Begins anew when the configuration changes, of which the list of pages is a part. */
const serve = async () => {
  const server = await createServer(site, flags.port ? { port: Number(flags.port) } : {}, async () => {
    await server.close()
    await serve()
  })
  await server.listen()
  server.printUrls()
}

freshDist()
rmSync(generated, { recursive: true, force: true })
includePages()
const { warnings, silent } = await writeReference(join(generated, 'reference'), join(generated, 'declarations'))
console.log(`reference: ${silent} members are clear by their names, and have no comment`)
for (const warning of warnings) console.error(`reference: ${warning}`)

if (flags.build) {
  if (warnings.length) process.exit(1)
  await build(site)
} else await serve()
