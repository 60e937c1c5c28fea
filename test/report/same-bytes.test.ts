import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { historySource, pack } from '../../src/cli/history-file.ts'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts } from '../../src/report/charts/render.ts'
import { diagramViews } from '../../src/report/diagram/views.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { jsonText } from '../../src/report/json.ts'
import { storiesTold } from '../../src/report/story/saved.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const scenarios = path.resolve(import.meta.dirname, '../../scenarios')

/** Everything from the file on, as the command makes it. */
async function reportOf(name: string, seed?: string): Promise<{ readonly page: string; readonly json: string }> {
  const text = readFileSync(path.join(scenarios, `${name}.yaml`), 'utf8')
  const parsed = parseScenario(text, catalogue, seed === undefined ? { name } : { name, seed })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  const ran = run(parsed.scenario)
  const stories = storiesTold(ran)
  const diagrams = diagramViews(ran, stories, simulate(parsed.scenario, { observeNetwork: true }).history)
  const told = { stories, diagrams, history: historySource(ran.history), pack }
  const page = htmlReport(ran, await drawCharts(chartsOf(ran)), { file: `${name}.yaml`, set: [] }, told)
  return { page, json: jsonText([ran]) }
}

describe('the report of a scenario', () => {
  it.each([
    '01-delivery/exactly-once',
    '02-idempotency/we-check-first',
    'kafka/group-zombie',
    'rabbitmq/idiom-retry-and-park',
  ])('of %s is the same to the byte each time', async (name) => {
    expect(await reportOf(name)).toEqual(await reportOf(name))
  })

  it('is another for another seed', async () => {
    const [one, other] = [await reportOf('01-delivery/exactly-once'), await reportOf('01-delivery/exactly-once', 'b')]
    expect(one.page).not.toBe(other.page)
    expect(one.json).not.toBe(other.json)
  })
})
