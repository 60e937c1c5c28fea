import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import * as testing from '../../src/testing/index.ts'
import { needsBuild, temporaryFolder } from '../cli/onceproof.ts'
import { installPackage, makeProject, programOf } from './installed-package.ts'

needsBuild()
const folder = temporaryFolder()
beforeAll(() => installPackage(folder))

const { billing }: { billing(from: typeof testing): testing.DeliveryCheck } = createRequire(import.meta.url)(
  './projects/billing.cjs',
)

/** What the same check tells in this process. */
let here = ''
beforeAll(async () => {
  here = (await testing.checkDelivery(billing(testing))).text
})

/** How each kind of project runs its tests. */
const projects: Readonly<Record<string, readonly string[]>> = {
  vitest: [programOf('vitest/vitest.mjs'), 'run'],
  jest: [programOf('jest/bin/jest.js'), '--rootDir=.'],
  'jest-without-globals': [programOf('jest/bin/jest.js'), '--rootDir=.'],
  'jest-with-fake-timers': [programOf('jest/bin/jest.js'), '--rootDir=.'],
  'node-esm': ['--test', 'billing.test.js'],
  'node-at-once': ['--test', 'billing.test.js', 'billing-too.test.js'],
  'node-worker': ['billing.js'],
  'node-commonjs': ['--test', 'billing.test.js'],
  mocha: [programOf('mocha/bin/mocha.js'), 'billing.test.js'],
  'mocha-esm': [programOf('mocha/bin/mocha.js'), 'billing.test.js'],
}

/** The lines of the counterexample, from what does not hold to the last of its story. */
function counterexampleIn(output: string): readonly string[] {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/^[\s|#]+/g, '')
        .replaceAll(/\s+/g, ' ')
        .trimEnd(),
    )
  const first = lines.findIndex((line) => line.includes('no-duplicates does not hold'))
  expect(output).toContain('no-duplicates does not hold')
  return lines.slice(first).filter((line) => /^\d+(\.\d+)? s /.test(line))
}

describe('the package as it is published', () => {
  it.each(Object.entries(projects))('finds the same counterexample in a project of the kind %s', (name, args) => {
    const project = makeProject(folder, name)
    const { PATH = '' } = process.env
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      env: { PATH, NO_COLOR: '1' },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    const found = counterexampleIn(stdout + stderr)
    const told = counterexampleIn(here)
    expect(told.length).toBeGreaterThan(4)
    expect(found.slice(0, told.length)).toEqual(told)
  })
})
