import { defineConfig, devices } from '@playwright/test'

const port = Number(process.env.SHOP_PORT ?? 4173)

export default defineConfig({
  testMatch: '*.spec.ts',
  workers: 1,
  // A busy machine may stand still for seconds.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  outputDir: '../../../node_modules/.cache/isotarget/playwright',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://127.0.0.1:${port}`,
    // A browser of the system, so that none is downloaded.
    launchOptions: { executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
})
