import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts, standaloneSvg } from '../../src/report/charts/render.ts'
import { diagramFile } from '../../src/report/diagram/diagram-styles.ts'
import { diagramViews } from '../../src/report/diagram/views.ts'
import { storiesTold } from '../../src/report/story/saved.ts'
import { run, type Run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const project = path.resolve(import.meta.dirname, '../..')

function runOf(name: string): Run {
  const text = readFileSync(path.join(project, 'scenarios', `${name}.yaml`), 'utf8')
  const parsed = parseScenario(text, catalogue, { name })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return run(parsed.scenario)
}

const picture = (name: string): string => path.join(project, 'reports/gallery', `${name}.svg`)

/** After a change that is meant, `npm run gallery` draws the pictures again. */
describe('reports/gallery has', () => {
  it.each([
    '00-the-tutorials/02-process-then-acknowledge',
    '01-delivery/at-least-once',
    'kafka/produce-acks-1',
    'kafka/produce-lost-answer',
    'kafka/group-zombie',
    'kafka/broker-split-brain-of-an-isolated-leader',
  ])('space and time of %s as it is now', async (name) => {
    const ran = runOf(name)
    const packets = simulate(ran.scenario, { observeNetwork: true }).history
    const [diagram] = diagramViews(ran, storiesTold(ran), packets).stories
    await expect(diagram && diagramFile(diagram)).toMatchFileSnapshot(picture(path.basename(name)))
  })

  it('the latencies of the first lesson as they are now', async () => {
    const charts = await drawCharts(
      chartsOf(runOf('01-delivery/exactly-once')).filter(({ name }) => name === 'latency'),
    )
    for (const chart of charts) await expect(standaloneSvg(chart)).toMatchFileSnapshot(picture('exactly-once-latency'))
    expect(charts).toHaveLength(1)
  })
})
