import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts } from '../../src/report/charts/render.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { jsonText } from '../../src/report/json.ts'
import { quietReport, textReport } from '../../src/report/text.ts'
import { violationsOf } from '../../src/report/violations.ts'
import type { Run } from '../../src/run.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const root = path.resolve(import.meta.dirname, '../../scenarios')

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()

function runOf(file: string, text = readFileSync(path.join(root, file), 'utf8')): Run {
  const parsed = parseScenario(text, catalogue, { file, name: file.replace(/\.yaml$/, '') })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => `${file}: ${message}`).join('\n'))
  return run(parsed.scenario)
}

async function everything(ran: Run): Promise<readonly string[]> {
  const source = { file: 'scenarios/lesson.yaml', set: [] }
  const page = htmlReport(ran, await drawCharts(chartsOf(ran)), source)
  return [textReport(ran, { source }), quietReport(ran), jsonText([ran]), page]
}

describe('the reports of the lessons', () => {
  it.each(files)('of %s name a violated guarantee, and a fault or a handler where one is to blame', (file) => {
    const ran = runOf(file)
    const broken = ran.rows.filter(({ verdict }) => verdict === 'violated')
    const told = violationsOf(ran)
    expect(told.flatMap(({ rows }) => rows).toSorted(byPlace(ran))).toEqual(broken)
    const struck = ran.faults.length > 0
    // What a system itself gave up is said by the sentence, and not once more behind it.
    const blames = / Why: .+\.$| left .+: (dropped|expired|dead-lettered) /
    for (const { sentence } of told) expect(sentence).toMatch(struck ? blames : /\.$/)
  })

  it.each(files.slice(-3))('of %s are the same to the byte for the same scenario', async (file) => {
    expect(await everything(runOf(file))).toEqual(await everything(runOf(file)))
  })

  it('blame the crash between effect and acknowledgement for the double effect', () => {
    const [violation] = violationsOf(runOf('00-the-tutorials/02-process-then-acknowledge.yaml'))
    expect(violation?.sentence.replaceAll('\u00a0', ' ')).toMatch(
      /order-17 was applied twice by billing.* Why: billing crashed \(crash struck billing at .* s\), after billing applied order-17 to ledger and before billing was handed order-17 \(attempt 2\)\.$/,
    )
  })

  it('do not blame a fault that had nothing to do with it', () => {
    const [violation] = violationsOf(runOf('00-the-tutorials/11-the-unknown-type.yaml'))
    expect(violation?.sentence).toContain('it does not know the type refund')
  })
})

/** In the order of the run's rows. */
function byPlace({ rows }: Run): (one: Run['rows'][number], other: Run['rows'][number]) => number {
  return (one, other) => rows.indexOf(one) - rows.indexOf(other)
}
