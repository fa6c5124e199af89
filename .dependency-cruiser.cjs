/** From the ground up: a file imports its own folder and the floors below. Doors (src/*.ts) stand above all of them. */
const floors = [
  ['delivery'],
  ['platform'],
  ['transport'],
  ['notification', 'decisioning'],
  ['client', 'dom', 'emulator', 'proxy'],
  ['page', 'offers', 'testing', 'recording'],
  ['react', 'vue', 'openfeature', 'opentelemetry', 'atjs', 'inspector', 'cli'],
]

/** Every package the source may import, and the files that may import it. */
const packages = {
  valibot: '^src/(delivery|client|emulator)/',
  nanoid: '^src/(platform|notification)/',
  ky: '^src/platform/server',
  tldts: '^src/platform/server',
  react: '^src/react/',
  vue: '^src/vue/',
  '@openfeature/core': '^src/openfeature/',
  '@opentelemetry/api': '^src/opentelemetry/',
}

const nodeBuiltins = ['^src/platform/server', '^src/emulator/listen\\.ts$', '^src/cli/']

const inside = (folders) => `^src/(${folders.join('|')})/`
const installed = (name) => `(^|/)node_modules/${name}/`
const ownPlatform = '^src/(?:platform/)?(browser|server|memory)'
const vagueName = '/(utils?|helpers?|common|shared|misc|lib|types?|constants?|messages?|index)(\\.ts$|/)'

const floorRules = floors.flatMap((floor, height) => [
  {
    name: 'imports-look-down',
    from: { path: inside(floor) },
    to: { path: '^src/', pathNot: inside(floors.slice(0, height + 1).flat()) },
  },
  {
    name: 'siblings-never-meet',
    from: { path: inside(floor) },
    to: { path: inside(floor), pathNot: '^src/$1/' },
  },
])

const packageRules = Object.entries(packages).map(([name, path]) => ({
  name: `${name}-in-its-place`,
  from: { pathNot: path },
  to: { path: installed(name) },
}))

const rules = [
  ...floorRules,
  { name: 'known-floors', from: {}, to: { path: '^src/[^/]+/', pathNot: inside(floors.flat()) } },
  { name: 'no-cycles', from: {}, to: { circular: true } },
  {
    name: 'doors-pick-the-platform',
    from: {
      path: [
        '^src/(transport|notification|decisioning|client|proxy|page|offers|react|vue|openfeature|opentelemetry|atjs|inspector)/',
        '^src/platform/platform\\.ts$',
      ],
    },
    to: { path: '^src/platform/', pathNot: '^src/platform/platform\\.ts$' },
  },
  {
    name: 'platforms-never-meet',
    from: { path: ownPlatform },
    to: { path: '^src/platform/(browser|server|memory)', pathNot: '^src/platform/$1' },
  },
  {
    name: 'emulator-only-serves',
    comment: 'It must not be able to cheat by using the client that it is there to test.',
    from: { path: '^src/emulator/' },
    to: { path: '^src/(platform|transport|notification|decisioning)/' },
  },
  {
    name: 'recording-only-serves',
    comment: 'A replay stands for the edge, whichever client asks: it may know none of them.',
    from: { path: '^src/recording/' },
    to: { path: '^src/(platform|transport|notification|decisioning|client|dom|proxy)/' },
  },
  {
    name: 'testing-reads-the-ledger',
    comment: 'What it says was counted must come from the edge, whoever called it.',
    from: { path: '^src/testing/' },
    to: { path: '^src/(platform|transport|notification|decisioning|client|dom|proxy)/' },
  },
  {
    name: 'dom-reads-words-only',
    from: { path: '^src/dom/' },
    to: { path: '^src/(platform|transport|notification|decisioning)/' },
  },
  ...packageRules,
  {
    name: 'openfeature-by-its-types',
    comment: 'Whoever uses flags brings an SDK; the provider must not load a second one.',
    from: {},
    to: { path: installed('@openfeature/[^/]+'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'cli-behind-its-door',
    comment: 'What only a shell needs must not come into a page or a server.',
    from: { pathNot: ['^src/cli/', '^src/(cli|edge-page)\\.ts$'] },
    to: { path: '^src/cli(/|\\.ts$)' },
  },
  { name: 'node-at-the-rim', from: { pathNot: nodeBuiltins }, to: { dependencyTypes: ['core'] } },
  {
    name: 'no-other-package',
    from: {},
    to: {
      pathNot: ['^src/', '^\\.(?!.*node_modules/)', ...Object.keys(packages).map(installed)],
      dependencyTypesNot: ['core'],
    },
  },
  { name: 'no-vague-names', from: {}, to: { path: `^src/.*${vagueName}` } },
  {
    name: 'reachable-from-a-door',
    from: { path: '^src/[^/]+\\.ts$' },
    to: { path: '^src/[^/]+/', reachable: false },
  },
]

module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
