import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, temporaryFolder } from '../cli/onceproof.ts'
import { small } from './small-scenario.ts'

needsBuild()

/** Each test starts the program, and it its workers. */
const patience = 120_000

function workplace(): string {
  const cwd = temporaryFolder()
  writeFileSync(path.join(cwd, 'small.yaml'), small)
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
