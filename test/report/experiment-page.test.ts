import { describe, expect, it } from 'vitest'
import { rateChart } from '../../src/report/charts/rate-chart.ts'
import { sweptChart } from '../../src/report/charts/swept-chart.ts'
import type { ExperimentView, MeasuredRate } from '../../src/report/experiment-view.ts'
import { experimentPage } from '../../src/report/html/experiment-page.ts'
import { unbreakable } from '../../src/report/quantities.ts'
import { hostile } from './sample-run.ts'

const never: MeasuredRate = { count: 0, of: 40, low: 0, high: 0.075, shown: undefined }
const often: MeasuredRate = {
  count: 30,
  of: 40,
  low: 0.588,
  high: 0.873,
  shown: { run: 7, id: 'design-1-run-7' },
}

const view: ExperimentView = {
  title: '2 designs under the same faults',
  about: '40 runs of each design',
  again: 'npx onceproof compare orders.yaml',
  designs: ['acks=1', hostile],
  guarantees: [
    { name: 'no-loss/effect', rates: [often, never] },
    { name: 'no-invention/effect', rates: [never, undefined] },
  ],
  figures: [{ title: 'fsyncs a message', cells: ['0', '1'] }],
  cases: [
    {
      id: 'design-1-run-7',
      title: 'acks=1 breaks no-loss/effect: run 7 under crashes',
      command: 'npx onceproof run reports/compare/cases/acks=1-run-7.yaml',
      text: `title: ${hostile}`,
      stories: [],
      diagram: undefined,
    },
  ],
  contrasts: [
    {
      text: 'Run 7: acks=1 breaks no-loss/effect, the other does not.',
      sides: [
        { design: 'acks=1', broke: true, story: undefined, command: 'npx onceproof run one.yaml' },
        { design: hostile, broke: false, story: undefined, command: 'npx onceproof run other.yaml' },
      ],
    },
  ],
  counterparts: [{ title: 'broker 1', cells: ['queue', 'nobody'] }],
  conclusions: ['acks=1 breaks no-loss/effect more often.'],
  frontiers: [
    {
      guarantee: 'no-loss/effect',
      cost: 'fsyncs a message',
      points: [
        { design: 'acks=1', cost: 0, rate: 0.75, onFrontier: true },
        { design: 'acks=all', cost: 1, rate: 0, onFrontier: true },
      ],
    },
  ],
  swept: [{ path: 'acks', values: ['1', 'all'], lines: [{ guarantee: 'no-loss/effect', rates: [often, never] }] }],
  cautions: ['acks=1: struck by crash in 40 runs (80 times).'],
}

describe('the page of a measurement', () => {
  it('says what may be concluded, how often each guarantee broke, what it costs and what to be careful about', async () => {
    const page = await experimentPage(view)
    const order = ['acks=1 breaks no-loss', 'npx onceproof compare', '30 of 40,', 'fsyncs a message', 'struck by crash']
    const places = order.map((text) => page.indexOf(text))
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(places).not.toContain(-1)
    expect(page).toContain('not judged')
    expect(page.match(/<svg/g)).toHaveLength(3)
  })

  it('leads from a rate to the run that shows it, and puts two designs that differ beside each other', async () => {
    const page = await experimentPage(view)
    expect(page).toContain('href="#design-1-run-7"')
    expect(page).toMatch(/<details class="story told" id="design-1-run-7">[^]*acks=1 breaks no-loss\/effect: run 7/)
    expect(page).toContain('npx onceproof run reports/compare/cases/acks=1-run-7.yaml')
    expect(page).toMatch(/Run 7: acks=1 breaks[^]*class="beside">[^]*run one\.yaml[^]*run other\.yaml/)
    const calm = await experimentPage({ ...view, cases: [], contrasts: [] })
    expect(calm).not.toContain('id="runs"')
    expect(calm).not.toContain('id="contrasts"')
  })

  it('tells of what broke before what never did', async () => {
    const [loss, invention] = view.guarantees
    const page = await experimentPage({ ...view, guarantees: [invention, loss].flatMap((one) => one ?? []) })
    const heads = [...page.matchAll(/<th scope="row">([a-z-]+)<wbr/g)].map(([, name]) => name)
    expect(heads.slice(0, 2)).toEqual(['no-loss', 'no-invention'])
  })

  it('lets no name out of its text, and is the same bytes each time', async () => {
    const page = await experimentPage(view)
    expect(page).not.toContain('<script')
    expect(await experimentPage(view)).toBe(page)
  })

  it('lets long names of designs take several lines, so that figures keep their room', async () => {
    const designs = ['1', '2', '3'].map((members) => `01-delivery/order-and-competing-consumers members=${members}`)
    const cells = ['0', '1', '2']
    const page = await experimentPage({ ...view, designs, guarantees: [], figures: [{ title: 'fsyncs', cells }] })
    expect(page).toMatch(/<table class="long">[^]*members=3/)
    expect(await experimentPage(view)).not.toContain('class="long"')
  })

  it('leaves the charts out where nothing broke', async () => {
    const calm = { ...view, guarantees: [{ name: 'no-loss/effect', rates: [never, never] }], frontiers: [], swept: [] }
    expect(rateChart(calm)).toBeUndefined()
    expect(await experimentPage(calm)).not.toContain('<svg')
  })

  it('draws an option that is swept from value to value', () => {
    const chart = view.swept.map(sweptChart)[0]
    const rows = chart?.table.rows.map((row) => row.map((cell) => String(cell).replaceAll(unbreakable, ' ')))
    expect(rows).toEqual([
      ['1', 'no-loss/effect', '75 %', '58.8 %', '87.3 %'],
      ['all', 'no-loss/effect', '0 %', '0 %', '7.5 %'],
    ])
  })
})
