import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { chunkSize } from '../../src/exploration/chunk.ts'
import { needsBuild, onceproof, start, temporaryFolder } from '../cli/onceproof.ts'
import { small } from './small-scenario.ts'

needsBuild()

/** Each test starts the program, and it its workers, several times. */
const patience = 180_000

/** A folder with the small scenario in it. */
function workplace(): string {
  const cwd = temporaryFolder()
  writeFileSync(path.join(cwd, 'small.yaml'), small)
  return cwd
}

function casesIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yaml'))
}

/** What a slow machine says every ten seconds. */
function withoutProgress(text: string): string {
  return text.replaceAll(/^(?:looking|shrinking): .*\n/gm, '')
}

describe('explore', () => {
  it(
    'finds what breaks, keeps it as cases that run to the same violation, and exits with 1',
    () => {
      const cwd = workplace()
      const { code, stdout, stderr } = onceproof(
        ['explore', 'small.yaml', '--runs', '16', '--most', '2', '--corpus', 'c'],
        { cwd },
      )
      expect(code).toBe(1)
      expect(withoutProgress(stderr)).toBe(`report: ${path.join('c', 'index.html')}\n`)
      expect(stdout).toContain('16 runs')
      expect(stdout).not.toMatch(/%|rate/)
      const cases = casesIn(path.join(cwd, 'c'))
      expect(cases.length).toBeGreaterThan(0)
      for (const file of cases) {
        const again = onceproof(['run', path.join('c', file), '--no-report', '--quiet'], { cwd })
        expect(again.code).toBe(1)
      }
      const kept = onceproof(['explore', 'small.yaml', '--runs', '16', '--most', '2', '--corpus', 'c'], { cwd })
      expect(kept.stdout).toContain('kept: red')
      expect(kept.stdout).toContain('is of a kind that is kept already')
      expect(casesIn(path.join(cwd, 'c'))).toEqual(cases)
    },
    patience,
  )

  it(
    'comes to the same with one worker and with two, in shards and at once',
    () => {
      const cwd = workplace()
      const explore = (corpus: string, ...more: readonly string[]) =>
        onceproof(['explore', 'small.yaml', '--runs', '16', '--most', '1', '--json', '--corpus', corpus, ...more], {
          cwd,
        })
      const withoutFiles = (text: string): unknown => JSON.parse(text.replaceAll(/"file": "[^"]*"/g, '"file": ""'))
      const one = withoutFiles(explore('a', '--workers', '1').stdout)
      expect(withoutFiles(explore('b', '--workers', '2').stdout)).toEqual(one)
      explore('d', '--shard', '1/2')
      explore('d', '--shard', '2/2')
      const shards = ['d/shard-1-of-2/search.json', 'd/shard-2-of-2/search.json']
      const merged = onceproof(['merge', ...shards, '--most', '1', '--json', '--corpus', 'e'], { cwd })
      expect(withoutFiles(merged.stdout)).toEqual(one)
    },
    patience,
  )

  it(
    'keeps what was found when it is interrupted, and goes on from there',
    async () => {
      const cwd = workplace()
      const args = ['explore', 'small.yaml', '--runs', '400000', '--workers', '1', '--corpus', 'c']
      const running = start(args, { cwd })
      const exit = new Promise((resolve) => running.once('exit', resolve))
      // The first line that says how far it is: by then it has runs to keep, and is far from its end.
      await Promise.race([exit, new Promise((resolve) => running.stderr.once('data', resolve))])
      running.kill('SIGINT')
      expect(await exit).toBe(130)
      const saved: unknown = JSON.parse(readFileSync(path.join(cwd, 'c/search.json'), 'utf8'))
      const made = chunksOf(saved)
      expect(made).toBeGreaterThan(0)
      expect(made).toBeLessThan(100_000)
      const runs = String((made + 2) * chunkSize)
      const rest = onceproof(['explore', 'small.yaml', '--runs', runs, '--most', '1', '--resume', '--corpus', 'c'], {
        cwd,
      })
      expect(withoutProgress(rest.stderr)).toBe(`report: ${path.join('c', 'index.html')}\n`)
      expect(rest.stdout).toContain(`${Number(runs).toLocaleString('en')} runs`)
    },
    patience,
  )

  it(
    'ends when its time is over, keeps what it has by then and can go on; a run that is over earlier takes no notice',
    () => {
      const cwd = workplace()
      const explore = (...more: readonly string[]) =>
        onceproof(['explore', 'small.yaml', '--workers', '1', '--most', '1', '--corpus', 'c', ...more], { cwd })
      const nothing = explore('--runs', '400000', '--time', '1us')
      expect(nothing.stdout).toContain('No run was made: the time was over before the first one.')
      expect(nothing.code).toBe(2)
      const some = explore('--runs', '400000', '--time', '500ms')
      const made = Number(/([\d,]+) runs/.exec(some.stdout)?.[1]?.replaceAll(',', '') ?? 0)
      expect(made).toBeLessThan(400_000)
      const rest = explore('--runs', String(made + 8), '--resume', '--time', '1h')
      expect(rest.stdout).toContain(`${(made + 8).toLocaleString('en')} runs`)
    },
    patience,
  )

  it(
    'refuses what it does not understand, all at once',
    () => {
      const wrong = ['--runs', '0', '--symptom', 'x', '--guarantee', 'no-los', '--shard', '3/2', '--time', 'soon']
      const { code, stderr } = onceproof(['explore', 'small.yaml', ...wrong], { cwd: workplace() })
      expect(code).toBe(64)
      for (const part of ['--runs 0', '--symptom x', 'Did you mean no-loss?', '--shard 3/2', '--time soon'])
        expect(stderr).toContain(part)
    },
    patience,
  )
})

describe('regress', () => {
  it(
    'exits with 1 while a case is red, with 0 when all are mended, with 2 when one proves nothing',
    () => {
      const cwd = workplace()
      onceproof(
        ['explore', 'small.yaml', '--runs', '40', '--most', '3', '--guarantee', 'no-duplicates', '--corpus', 'c'],
        { cwd },
      )
      expect(existsSync(path.join(cwd, 'c'))).toBe(true)
      expect(onceproof(['regress', 'c', '--on', 'small.yaml'], { cwd })).toMatchObject({ code: 1 })
      writeFileSync(path.join(cwd, 'mended.yaml'), small.replace('ledger: {}', 'ledger: { unique: operation }'))
      const { stdout } = onceproof(['regress', 'c', '--on', 'mended.yaml'], { cwd })
      expect(stdout).toContain('green')
      writeFileSync(
        path.join(cwd, 'renamed.yaml'),
        small.replaceAll('billing', 'invoicing').replaceAll('shop', 'store'),
      )
      expect(onceproof(['regress', 'c', '--on', 'renamed.yaml'], { cwd })).toMatchObject({ code: 2 })
      expect(onceproof(['regress', 'nowhere'], { cwd })).toMatchObject({ code: 64 })
    },
    patience,
  )
})

function chunksOf(saved: unknown): number {
  const chunks = partOf(partOf(saved, 'searched'), 'chunks')
  return Array.isArray(chunks) ? chunks.length : 0
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
