import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { run } from '../../src/run.ts'
import type { ParsedScenario } from '../../src/scenario/parse-scenario.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const root = path.resolve(import.meta.dirname, '../../scenarios')

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()

function parse(file: string, variant = ''): Extract<ParsedScenario, { ok: true }> {
  const parsed = parseScenario(readFileSync(path.join(root, file), 'utf8'), catalogue, { file, variant })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'))
  return parsed
}

it('is a course of at least fourteen lessons', () => {
  expect(files.length).toBeGreaterThanOrEqual(14)
})

describe.each(files)('%s', (file) => {
  const { scenario, variants } = parse(file)

  it('asks a question, takes a prediction, and explains', () => {
    const { title, question, predict, why } = scenario
    expect(title).not.toBe('')
    expect(question).toMatch(/\?$/)
    expect(why.length).toBeGreaterThan(40)
    expect(predict?.choices).toContain(predict?.usual)
    expect(predict?.choices).toContain(predict?.answer)
  })

  it.each(['', ...variants])('comes out as variant "%s" expects', (variant) => {
    const { scenario: varied } = parse(file, variant)
    const { conclusion, rows, notes } = run(varied)
    const unmet = rows
      .filter(({ met }) => !met)
      .map(({ service, guarantee, level, verdict, expected }) => ({ service, guarantee, level, verdict, expected }))
    expect({ conclusion, unmet, notes }).toEqual({ conclusion: 'as-expected', unmet: [], notes: [] })
  })

  it.runIf(scenario.faults.length > 0)('breaks nothing without its faults', () => {
    const { rows } = run(parse(file, 'no-faults').scenario)
    expect(rows.filter(({ verdict }) => verdict === 'violated')).toEqual([])
  })
})
