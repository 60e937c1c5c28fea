import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from './architecture/source-files.ts'

/** A rule, and code that it must find in a folder of the machine and let pass in the command line. */
const planted = [
  ['no-restricted-globals', 'Date', 'export const now = Date.now()'],
  ['no-restricted-globals', 'new Date', 'export const now = new Date()'],
  ['no-restricted-globals', 'performance', 'export const now = performance.now()'],
  ['no-restricted-globals', 'setTimeout', 'setTimeout(() => 0, 1)'],
  ['no-restricted-globals', 'setInterval', 'setInterval(() => 0, 1)'],
  ['no-restricted-globals', 'setImmediate', 'setImmediate(() => 0)'],
  ['no-restricted-globals', 'queueMicrotask', 'queueMicrotask(() => 0)'],
  ['no-restricted-globals', 'process', 'export const home = process.env'],
  ['no-restricted-globals', 'console', 'console.log(1)'],
  ['no-restricted-globals', 'crypto', 'export const id = crypto.randomUUID()'],
  ['no-restricted-globals', 'Intl', 'export const format = new Intl.NumberFormat()'],
  ['no-restricted-globals', 'globalThis.Date', 'export const now = globalThis.Date.now()'],
  ['no-restricted-properties', 'Math.random', 'export const draw = Math.random()'],
  ['no-restricted-properties', 'Math.log', 'export const size = Math.log(2)'],
  ['no-restricted-properties', 'Math.pow', 'export const size = Math.pow(2, 3)'],
  ['no-restricted-properties', 'Math["exp"]', 'export const size = Math["exp"](2)'],
  ['no-restricted-properties', 'a Math function taken out', 'export const { sin } = Math'],
  ['no-restricted-imports', 'node:fs', "export { readFileSync } from 'node:fs'"],
  ['no-restricted-imports', 'node:os', "import { cpus } from 'node:os'\nexport const count = cpus().length"],
] as const

/** A rule, and code that it must find everywhere. */
const plantedAnywhere = [
  ['no-default-export', 'a default export', 'export default 1'],
  ['no-explicit-any', 'any', 'export function same(value: any): number { return value }'],
  [
    'no-non-null-assertion',
    'a non-null assertion',
    'export function first(list: number[]): number { return list[0]! }',
  ],
  ['no-cycle', 'a cycle', "import { value } from './partner.ts'\nexport const twice = () => value() + value()"],
] as const

const folder = mkdtempSync(path.join(tmpdir(), 'onceproof-lint-'))

/** Name of the planted file → the rules that it broke. */
let broken: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(() => {
  copyFileSync(path.join(projectRoot, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'))
  for (const part of ['src/simulation', 'src/cli']) {
    mkdirSync(path.join(folder, part), { recursive: true })
    for (const [index, [, , code]] of [...planted, ...plantedAnywhere].entries()) {
      writeFileSync(path.join(folder, part, `planted-${index}.ts`), `${code}\n`)
    }
    const partnerOf = planted.length + plantedAnywhere.length - 1
    const partner = `import { twice } from './planted-${partnerOf}.ts'\nexport const value = (): number => twice()\n`
    writeFileSync(path.join(folder, part, 'partner.ts'), partner)
  }
  broken = lint()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('in a folder of the machine, the linter', () => {
  it.each(planted)('finds with %s: %s', (rule, _, code) => {
    expect(rulesBrokenBy('src/simulation', code)).toContain(rule)
  })
})

describe('in the command line, the linter', () => {
  it.each(planted)('has no objection with %s to %s', (rule, _, code) => {
    expect(rulesBrokenBy('src/cli', code)).not.toContain(rule)
  })
})

describe('everywhere, the linter', () => {
  it.each(plantedAnywhere)('finds with %s: %s', (rule, _, code) => {
    expect(rulesBrokenBy('src/simulation', code)).toContain(rule)
    expect(rulesBrokenBy('src/cli', code)).toContain(rule)
  })
})

function rulesBrokenBy(part: string, code: string): readonly string[] {
  const index = [...planted, ...plantedAnywhere].findIndex((sample) => sample[2] === code)
  return broken.get(`${part}/planted-${index}.ts`) ?? []
}

function lint(): ReadonlyMap<string, readonly string[]> {
  const linter = path.join(projectRoot, 'node_modules/oxlint/bin/oxlint')
  const { stdout, stderr } = spawnSync(process.execPath, [linter, '--format=unix'], { cwd: folder, encoding: 'utf8' })
  const found = new Map<string, string[]>()
  for (const [, file = '', rule = ''] of stdout.matchAll(/^(\S+?):\d+:\d+: .*\[\w+\/\w+\((.+)\)\]$/gm)) {
    found.set(file, [...(found.get(file) ?? []), rule])
  }
  if (found.size === 0) throw new Error(`The linter found nothing at all:\n${stdout}${stderr}`)
  return found
}
