import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, temporaryFolder } from '../cli/onceproof.ts'
import { small } from './small-scenario.ts'

needsBuild()

/** Each test starts the program, and it its workers. */
const patience = 120_000

/** Members that have something in hand most of the time, and a variant that tells a repetition by a note in its store. */
const busy = `${small
  .replace('ledger: { ledger: {} }', 'ledger: { database: {} }')
  .replace('takes: 2ms', 'takes: 300ms')
  .replace('rate: 100/s', 'rate: 5/s')}
variants:
  inbox: { services: { billing: { handling: { strategy: { inbox: { key: operation } } } } } }
`

function workplace(): string {
  const cwd = temporaryFolder()
  writeFileSync(path.join(cwd, 'small.yaml'), small)
  writeFileSync(path.join(cwd, 'busy.yaml'), busy)
  return cwd
}

describe('compare', () => {
  it(
    'measures values of an option under the same faults, as a table, as JSON and as a decision record',
    () => {
      const cwd = workplace()
      const designs = ['small.yaml', '--set', 'services.billing.members=1|3', '--faults', 'crashes', '--runs', '12']
      const { code, stdout } = onceproof(['compare', ...designs, '--adr', 'decisions/members.md'], { cwd })
      expect(code).toBe(0)
      expect(stdout).toContain('12 runs of each design, faults from crashes')
      expect(stdout).toMatch(/members=1.*members=3/)
      expect(stdout).toMatch(/struck by .*crash in \d+ runs/)
      expect(stdout).toContain('consumer 2: nobody | billing-2')
      expect(stdout).toMatch(/spared for want of a counterpart: .*consumer 2/)
      expect(stdout).toMatch(/recovery after the last fault \(median\).*uncalibrated/)
      const page = readFileSync(path.join(cwd, 'reports/compare/index.html'), 'utf8')
      expect(page).toContain('services.billing.members: how often each guarantee broke')
      expect(page).toContain('npx onceproof compare small.yaml')
      const record = readFileSync(path.join(cwd, 'decisions/members.md'), 'utf8')
      for (const part of ['## Context', '## Options', '## Verdicts', '| no-loss/effect |', '## Limits', '## Decision'])
        expect(record).toContain(part)
      expect(record).toContain("npx onceproof compare small.yaml --set 'services.billing.members=1|3' --faults crashes")
      const one = onceproof(['compare', ...designs, '--json', '--workers', '1'], { cwd })
      const two = onceproof(['compare', ...designs, '--json', '--workers', '2'], { cwd })
      expect(two.stdout).toBe(one.stdout)
      expect(JSON.parse(one.stdout)).toMatchObject({
        runs: 12,
        designs: [
          { name: 'members=1', swept: [{ path: 'services.billing.members', value: '1' }], cost: { copies: 1 } },
          { name: 'members=3', counterparts: expect.arrayContaining([{ neutral: 'consumer 3', node: 'billing-3' }]) },
        ],
        frontiers: expect.any(Array),
      })
    },
    patience,
  )

  it(
    'keeps the runs that it names as scenarios, which come to the same by themselves',
    () => {
      const cwd = workplace()
      const designs = ['busy.yaml', '--variant', 'as-it-stands', '--variant', 'inbox', '--faults', 'network']
      const asked = ['compare', ...designs, '--runs', '12']
      const { stdout } = onceproof([...asked, '--adr', 'decision.md'], { cwd })
      const [, number = '', file = ''] =
        /^Run (\d+): as-it-stands breaks no-duplicates[^]*npx onceproof run (\S+)/m.exec(stdout) ?? []
      expect(file).toBe(`reports/compare/cases/as-it-stands-run-${number}.yaml`)
      expect(stdout).toMatch(/│ no-duplicates\/effect +│ \d+ of 12: [^│]*, run \d+ +│ 0 of 12: below/)
      const page = readFileSync(path.join(cwd, 'reports/compare/index.html'), 'utf8')
      expect(page).toContain(`npx onceproof run ${file}`)
      expect(page).toContain(`npx onceproof run reports/compare/cases/inbox-run-${number}.yaml`)
      const record = readFileSync(path.join(cwd, 'decision.md'), 'utf8')
      expect(record).toContain(`: \`npx onceproof run ${file}\``)

      const shown = onceproof(['run', file, '--no-report'], { cwd })
      expect(shown.code).toBe(1)
      expect(shown.stdout).toMatch(/no-duplicates +effect +BROKEN, but this scenario expects it to hold/)
      const beside = onceproof(['run', `reports/compare/cases/inbox-run-${number}.yaml`, '--no-report'], { cwd })
      expect(beside.stdout).toMatch(/no-duplicates +effect +holds, as expected/)

      const json = onceproof([...asked, '--json', '--report', 'elsewhere', '--workers', '1'], { cwd })
      const result = JSON.parse(json.stdout)
      expect(result.contrasts[0]).toMatchObject({ broken: 'as-it-stands', kept: '[inbox]', run: Number(number) })
      expect(result.designs[0].rates['no-duplicates/effect'].plainest).toEqual(expect.any(Number))
      const kept = readdirSync(path.join(cwd, 'elsewhere/cases')).map((name) => `elsewhere/cases/${name}`)
      expect(result.cases.map((one: { file: string }) => one.file).sort()).toEqual(kept.sort())
      const twin = path.join(cwd, file.replace('reports/compare', 'elsewhere'))
      expect(readFileSync(twin, 'utf8')).toBe(readFileSync(path.join(cwd, file), 'utf8'))
    },
    patience,
  )

  it(
    'names runs all the same where it is to write nothing, and says in a line what broke',
    () => {
      const cwd = workplace()
      const asked = ['compare', 'busy.yaml', '--set', 'seed=a|b', '--faults', 'network', '--runs', '6', '--no-report']
      const json = JSON.parse(onceproof([...asked, '--json'], { cwd }).stdout)
      expect(json.cases.length).toBeGreaterThan(0)
      expect(json.cases.filter((one: { file: string | null }) => one.file !== null)).toEqual([])
      expect(existsSync(path.join(cwd, 'reports'))).toBe(false)
      const files = ['compare', 'busy.yaml', 'small.yaml', ...asked.slice(4), '--quiet']
      const quiet = onceproof(files, { cwd })
      expect(quiet.stdout).toMatch(/^busy: .*no-duplicates\/effect broke in \d of 6 \(run \d\)[^]*^small: /m)
      expect(quiet.stderr).toBe('')
    },
    patience,
  )

  it('notices before it measures that it could not keep a run', () => {
    const cwd = workplace()
    mkdirSync(path.join(cwd, 'reports/compare'), { recursive: true })
    writeFileSync(path.join(cwd, 'reports/compare/cases'), '')
    const asked = ['compare', 'small.yaml', '--set', 'seed=a|b', '--faults', 'calm']
    const { code, stdout, stderr } = onceproof(asked, { cwd })
    expect(code).toBe(64)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('reports/compare/cases')
    expect(stderr).toContain('there is a file of that name')
  })

  it('refuses a single design', () => {
    const { code, stderr } = onceproof(['compare', 'small.yaml', '--faults', 'calm'], { cwd: workplace() })
    expect(code).toBe(64)
    expect(stderr).toContain('estimate measures one')
  })
})

describe('estimate', () => {
  it(
    'says below which rate everything stays when nothing went wrong',
    () => {
      const { code, stdout } = onceproof(['estimate', 'small.yaml', '--faults', 'calm', '--runs', '30'], {
        cwd: workplace(),
      })
      expect(code).toBe(0)
      expect(stdout).toContain('Nothing went wrong in 30 runs')
      expect(stdout).toContain('0 of 30: below 10')
      expect(stdout).toContain('no fault struck in any run')
    },
    patience,
  )

  it(
    'names a run of its one design and keeps it',
    () => {
      const cwd = workplace()
      const { stdout } = onceproof(['estimate', 'busy.yaml', '--faults', 'network', '--runs', '8'], { cwd })
      const file = /npx onceproof run (reports\/estimate\/cases\/\S+)/.exec(stdout)?.[1] ?? ''
      expect(onceproof(['run', file, '--no-report'], { cwd }).code).toBe(1)
      expect(stdout).not.toContain('under the same faults')
    },
    patience,
  )
})

describe('sweep', () => {
  it(
    'says exactly what it covered, and keeps what broke',
    () => {
      const cwd = workplace()
      const tiny = ['--set', 'services.shop.sends.messages=1', '--set', 'services.billing.members=1']
      const { code, stdout } = onceproof(['sweep', 'small.yaml', ...tiny, '--most', '1', '--corpus', 'c'], { cwd })
      expect(code).toBe(1)
      expect(stdout).toMatch(/[\d,]+ single faults in a run of \d+ events, tried by [\d,]+ runs/)
      expect(stdout).toMatch(
        /every single crash of billing at each of \d+ points: no-duplicates of billing breaks at \d+/,
      )
      expect(onceproof(['regress', 'c'], { cwd }).code).toBe(1)
    },
    patience,
  )
})
