import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { loadScenarios, type LoadedScenario } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'
import { runInWorker } from '../../src/cli/worker-run.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { run } from '../../src/run.ts'
import { needsBuild, onceproof, root } from '../cli/onceproof.ts'
import { fingerprintOf } from './browser-entry.ts'
import { hasBrowser, withPage } from './browser.ts'

needsBuild()
const folder = path.join(root, 'scenarios')
const loaded = loadScenarios([folder], { ...noOverlay, variant: 'all' }, [])

function nameOf({ scenario: { name, variant } }: LoadedScenario): string {
  return `${name} [${variant}]`
}

/** The fingerprints of every scenario and variant, as one way of running them finds them. */
type Fingerprints = Readonly<Record<string, string>>

function fingerprints(of: (one: LoadedScenario) => string, among: readonly LoadedScenario[] = loaded): Fingerprints {
  return Object.fromEntries(among.map((one) => [nameOf(one), of(one)]))
}

/** The same of some of them. */
function hereOf(some: readonly LoadedScenario[]): Fingerprints {
  return Object.fromEntries(some.map((one) => [nameOf(one), here[nameOf(one)] ?? '']))
}

/** Runs of so many scenarios take their time on a busy machine. */
const patience = 300_000

/** Ways that cost a good deal more than the run itself try one of every five, which are other files and variants each time. */
const some = loaded.filter((_, place) => place % 5 === 2)

/** One of three, which are other variants of each file. */
const third = loaded.filter((_, place) => place % 3 === 1)

/** A worker that starts anew for each costs half a second. */
const few = some.filter((_, place) => place % 6 === 1)

const here = fingerprints(({ scenario }) => simulate(scenario).fingerprint)

describe('the fingerprint of every scenario and variant', () => {
  it('is that of another scenario only where nothing differs', () => {
    expect(loaded.length).toBeGreaterThan(14)
    // A run in which nothing is observed would have the same fingerprint everywhere.
    expect(new Set(Object.values(here)).size).toBeGreaterThan(loaded.length / 2)
  })

  it(
    'is the same when it runs again in this process, judged and measured',
    () => {
      expect(fingerprints(({ scenario }) => run(scenario).fingerprint, third)).toEqual(hereOf(third))
    },
    patience,
  )

  it(
    'is the same when the file is read anew',
    () => {
      const anew = fingerprints(
        ({ text, scenario, file }) => fingerprintOf(text, scenario.variant, tracesBeside(file)),
        some,
      )
      expect(anew).toEqual(hereOf(some))
    },
    patience,
  )

  it(
    'is the same when no history is kept, and when packets are observed',
    () => {
      const unkept = fingerprints(({ scenario }) => simulate(scenario, { keepHistory: false }).fingerprint, some)
      expect(unkept).toEqual(hereOf(some))
      const observed = fingerprints(({ scenario }) => simulate(scenario, { observeNetwork: true }).fingerprint, some)
      expect(observed).toEqual(hereOf(some))
    },
    patience,
  )

  it(
    'is the same in another process',
    () => {
      const files = [...new Set(loaded.map(({ file }) => file))].filter((_, place) => place % 8 === 2)
      const { stdout, stderr } = onceproof(['run', ...files, '--variant', 'all', '--json', '--no-report', '--quiet'])
      expect(stderr).toBe('')
      const runs: readonly { scenario: string; variant: string; fingerprint: string }[] = JSON.parse(stdout).runs
      expect(Object.fromEntries(runs.map((one) => [`${one.scenario} [${one.variant}]`, one.fingerprint]))).toEqual(
        hereOf(loaded.filter(({ file }) => files.includes(file))),
      )
    },
    patience,
  )

  it(
    'is the same in a worker thread',
    async () => {
      const there: Record<string, string> = {}
      for (const one of few) {
        const ran = await runInWorker(one.scenario)
        there[nameOf(one)] = ran.summary.fingerprint
        await ran.end()
      }
      expect(there).toEqual(hereOf(few))
    },
    patience,
  )

  it(
    'is the same in a browser',
    async ({ skip }) => {
      skip(!hasBrowser, 'there is no /usr/bin/chromium on this machine')
      const bundle = await bundled()
      const there = await withPage(async (page) => {
        await page.setContent('<!doctype html><title>scenarios</title>')
        await page.addScriptTag({ content: bundle })
        const found: Record<string, string> = {}
        for (const one of some) {
          const traces = JSON.stringify(tracesBeside(one.file))
          const call = `onceproof.fingerprintOf(${JSON.stringify(one.text)}, ${JSON.stringify(one.scenario.variant)}, ${traces})`
          found[nameOf(one)] = String(await page.evaluate(call))
        }
        return found
      })
      expect(there).toEqual(hereOf(some))
    },
    patience,
  )
})

/** The pipeline as one script for a page, without a module of Node in it. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'test/determinism/browser-entry.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'onceproof',
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

function tracesBeside(file: string): Readonly<Record<string, string>> {
  const beside = path.dirname(file)
  const names = readdirSync(beside).filter((name) => /\.(csv|jsonl|ndjson)$/.test(name))
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(beside, name), 'utf8')]))
}
