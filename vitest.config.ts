import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where to write the results as JSON besides; the build server takes its totals from there. */
const resultsFile = process.env['TEST_RESULTS']

/** Tests of code that takes the clock, the timers and the globals of its process in hand have one of their own for each file. */
const alone = ['test/testing/**/*.test.ts', 'test/*.test.ts', 'examples/**/*.test.ts']

export default defineConfig({
  // The examples import the package by its name, as their readers will.
  resolve: { alias: { 'onceproof/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)) } },
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // One process for many files: it reads and compiles the sources once.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
    setupFiles: ['test/property-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: resultsFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
    coverage: { provider: 'v8', include: ['src/**/*.ts'] },
  },
})
