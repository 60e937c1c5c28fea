import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where to write the results as JSON besides; the build server takes its totals from there. */
const resultsFile = process.env['TEST_RESULTS']

export default defineConfig({
  // The examples import the package by its name, as their readers will.
  resolve: { alias: { 'onceproof/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: resultsFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
    coverage: { provider: 'v8', include: ['src/**/*.ts'] },
  },
})
