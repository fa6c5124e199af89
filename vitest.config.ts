import { defineConfig } from 'vitest/config'
import pkg from './package.json' with { type: 'json' }

const browsers = 'test/browsers/**/*.test.ts'

export default defineConfig({
  define: { __VERSION__: JSON.stringify(pkg.version) },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [browsers],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: [browsers],
          // A browser takes both cores of a small machine: after the unit tests, and one file at a time.
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
})
