import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Where to write the results as JSON besides; the build server takes its totals from there. */
const resultsFile = process.env['TEST_RESULTS']

/**
 * Tests whose files need a process each: those of the bridge, which patches Node while code of users runs, the one that asks what memory is
 * left, and the examples, which are projects of their own. The others leave nothing behind, so their files share two processes, which load the sources once:
 * that saves a quarter of the time.
 */
const alone = ['test/testing/bridge/**/*.test.ts', 'test/simulation/memory.test.ts', 'examples/**/*.test.ts']

export default defineConfig({
  // The examples import the package by its name, as their readers will.
  resolve: { alias: { 'onceproof/testing': fileURLToPath(new URL('src/testing/index.ts', import.meta.url)) } },
  test: {
    projects: [
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
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
