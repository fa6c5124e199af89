import { defineConfig } from 'vitest/config'
import pkg from './package.json' with { type: 'json' }

const browsers = 'test/browsers/**/*.test.ts'
/** What looks at a page at a moment, and at time stamps of tabs: another browser beside it would make them late. */
const punctual = ['test/browsers/page-hides.test.ts', 'test/browsers/queue-tabs.test.ts']
const runtimes = 'test/runtimes/**/*.test.ts'

/** Browsers start slowly. */
const patient = { testTimeout: 30_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } }

export default defineConfig({
  define: { __VERSION__: JSON.stringify(pkg.version) },
  test: {
    // A shared machine may stand still for seconds. What passes at the second attempt only is named in the end; what fails twice is a fault.
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [browsers, runtimes],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'runtimes',
          include: [runtimes],
          // Each test is a process of its own that takes a core: after the unit tests, and one file at a time.
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers',
          include: [browsers],
          exclude: punctual,
          // After all others. Half of the time a test waits for its browser, so that two files keep two cores busy.
          sequence: { groupOrder: 3 },
          maxWorkers: 2,
          ...patient,
        },
      },
      {
        extends: true,
        test: {
          name: 'browsers-alone',
          include: punctual,
          sequence: { groupOrder: 4 },
          fileParallelism: false,
          ...patient,
        },
      },
    ],
  },
})
