import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, temporaryFolder } from './onceproof.ts'

needsBuild()
const folder = temporaryFolder()
const here = { cwd: folder }

writeFileSync(
  path.join(folder, 'twice.yaml'),
  `
title: Twice
seed: twice
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 5s } } } } }
stores: { ledger: { ledger: {} } }
services:
  shop: { sends: { to: queue/orders, messages: 20, rate: 100/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms, store: ledger, effect: billed } }
faults: [{ when: { fact: effect-applied, message: order-7 }, crash: billing, for: 1s }]
expect: { billing: { no-duplicates/effect: holds } }
variants:
  known: { stores: { ledger: { ledger: { unique: operation } } }, expect: { billing: { no-duplicates/effect: holds } } }
`,
)

describe('a run for other programs', () => {
  it('writes what all runs came to as JUnit XML and as CSV', () => {
    const args = [
      'run',
      'twice.yaml',
      '--variant',
      'all',
      '--quiet',
      '--no-report',
      '--junit',
      'out/junit.xml',
      '--csv',
      'out/all.csv',
    ]
    expect(onceproof(args, here).code).toBe(1)
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(
      readFileSync(path.join(folder, 'out/junit.xml'), 'utf8'),
    )
    expect(testsuites.testsuite.map((suite: Record<string, string>) => suite['@_failures'])).toEqual(['1', '0', '0'])
    const rows: readonly Record<string, string>[] = parseCsv(readFileSync(path.join(folder, 'out/all.csv'), 'utf8'), {
      columns: true,
    })
    expect([...new Set(rows.map((row) => row['variant']))]).toEqual(['', 'known', 'no-faults'])
  })

  it('puts other forms and PNG into the report', () => {
    const formats = ['trace', 'shiviz', 'mermaid', 'edn'].flatMap((name) => ['--export', name])
    onceproof(['run', 'twice.yaml', '--quiet', '--report', 'all', '--png', ...formats], here)
    const files = readdirSync(path.join(folder, 'all'))
    for (const file of ['trace.json', 'shiviz.log', 'diagram.mmd', 'history.edn', 'diagram.png', 'latency.png'])
      expect(files).toContain(file)
    expect(readFileSync(path.join(folder, 'all/diagram.png')).subarray(1, 4).toString()).toBe('PNG')
    expect(JSON.parse(readFileSync(path.join(folder, 'all/trace.json'), 'utf8')).traceEvents.length).toBeGreaterThan(
      100,
    )
  })

  it('refuses what would go into a report that nobody writes', () => {
    const { code, stderr } = onceproof(['run', 'twice.yaml', '--no-report', '--png', '--export', 'trace'], here)
    expect(code).toBe(64)
    expect(stderr).toContain('--png: goes into the report, and --no-report writes none')
    expect(stderr).toContain('--export: goes into the report')
    expect(existsSync(path.join(folder, 'reports'))).toBe(false)
  })

  it('annotates the scenario file where it runs in GitHub Actions, and nowhere else', () => {
    const args = ['run', 'twice.yaml', '--quiet', '--no-report']
    const { stderr } = onceproof(args, { ...here, env: { GITHUB_ACTIONS: 'true' } })
    expect(stderr).toMatch(
      /^::error file=twice\.yaml,line=1,title=.*not as expected::billing no-duplicates \(effect\)/m,
    )
    expect(stderr).toContain('stores.ledger.ledger.unique: operation')
    expect(onceproof(args, here).stderr).not.toContain('::error')
  })
})
