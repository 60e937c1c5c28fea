import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts, standaloneSvg } from '../../src/report/charts/render.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const project = path.resolve(import.meta.dirname, '../..')

/** After a change that is meant: `npx vitest run test/report/gallery.test.ts --update` draws the pictures again. */
it('the charts in reports/gallery are those of the scenario as it is now', async () => {
  const text = readFileSync(path.join(project, 'scenarios/01-delivery/exactly-once.yaml'), 'utf8')
  const parsed = parseScenario(text, catalogue, { name: '01-delivery/exactly-once' })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  for (const chart of await drawCharts(chartsOf(run(parsed.scenario)))) {
    await expect(standaloneSvg(chart)).toMatchFileSnapshot(
      path.join(project, `reports/gallery/exactly-once-${chart.name}.svg`),
    )
  }
})
