import { describe, expect, it } from 'vitest'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts } from '../../src/report/charts/render.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { html, link } from '../../src/report/html/markup.ts'
import type { Run } from '../../src/run.ts'
import { hostile, sampleRun, sampleScenario } from './sample-run.ts'

const source = { file: 'scenarios/sample.yaml', set: [] }

async function pageOf(run: Run): Promise<string> {
  return htmlReport(run, await drawCharts(chartsOf(run)), source).replaceAll('\u00a0', ' ')
}

describe('the HTML report', () => {
  it('says verdict, cause and command before anything else of the results', async () => {
    const page = await pageOf(sampleRun())
    const places = [
      'As expected: 1 broken as expected',
      'billing-1 crashed (crash struck billing-1 at 1.006 s)',
      'npx onceproof run scenarios/sample.yaml',
      '<h2 id="guarantees">',
      '<h2 id="configuration">',
    ].map((text) => page.indexOf(text))
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(places).not.toContain(-1)
  })

  it('folds a lesson away until a prediction is made, and nothing else', async () => {
    const lesson = await pageOf(sampleRun())
    expect(lesson.indexOf('<details class="reveal told">')).toBeGreaterThan(
      lesson.indexOf('How often is each order billed?'),
    )
    expect(lesson.indexOf('<details class="reveal told">')).toBeLessThan(lesson.indexOf('some twice</strong>'))
    const scenario = { ...sampleScenario(), predict: undefined }
    expect(await pageOf(sampleRun({ scenario }))).not.toContain('<details class="reveal told">')
  })

  it('shows what differs from the defaults, and where they are documented', async () => {
    const page = await pageOf(sampleRun())
    expect(page).toMatch(
      /queues\.orders\.attempts<\/code>\s*<\/td>\s*<td>\s*<span class="set">5<\/span>\s*<\/td>\s*<td>\s*3\s*</,
    )
    expect(page).toContain('5 options at the default')
  })

  it('tells which promises were kept and which were none', async () => {
    const page = await pageOf(sampleRun())
    expect(page).toContain('kept')
    expect(page).toContain('broken, as its documentation says it may be')
  })

  it('says which fault outside of a promise broke it', async () => {
    const [system] = sampleRun().systems
    const [claim] = system?.claims ?? []
    if (system === undefined || claim === undefined) throw new Error('The sample has a system with a claim.')
    const promised = { ...claim, guarantee: 'no-duplicates' }
    const page = (under: readonly string[]): Promise<string> =>
      pageOf(sampleRun({ systems: [{ ...system, claims: [{ ...promised, under }] }] }))
    expect(await page([])).toContain('broken by what the promise leaves out: crash')
    expect(await page(['crash'])).toContain('BROKEN PROMISE')
    const unpromised = { ...promised, role: 'producer' as const, holds: false }
    const both = [{ ...promised, under: ['crash'] }, unpromised]
    const told = await pageOf(sampleRun({ systems: [{ ...system, claims: both }] }))
    expect(told).toContain('broken; whoever sends is not promised it')
    expect(told).not.toContain('BROKEN PROMISE')
  })

  it('lets no name, title or address of a user become a part of the page', async () => {
    const scenario = {
      ...sampleScenario(hostile),
      title: hostile,
      name: hostile,
      question: hostile,
      why: hostile,
      seed: hostile,
    }
    const run = sampleRun({ scenario, notes: [hostile], waitingFor: hostile, ending: 'stuck' }, { shop: hostile })
    const page = await pageOf(run)
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toMatch(/<script/i)
    expect(page).not.toContain('\u001b')
    expect(page).not.toMatch(/href="(?!#|https?:)/)
  })

  it('refers to nothing outside of itself but links that somebody follows', async () => {
    const page = await pageOf(sampleRun())
    expect(page).not.toMatch(/<(link|img|script|iframe|object)\b|@import|url\(/)
    expect(page).toContain(`default-src 'none'`.replaceAll("'", '&#39;'))
  })

  it('is the same to the byte for the same run', async () => {
    expect(await pageOf(sampleRun())).toBe(await pageOf(sampleRun()))
  })
})

describe('a piece of a page', () => {
  it('escapes what is filled in, and joins lists', () => {
    expect(html`<p title="${'"'}">${['<', html`<b>${'&'}</b>`, undefined, 1]}</p>`.text).toBe(
      '<p title="&quot;">&lt;<b>&amp;</b>1</p>',
    )
  })

  it('links to the web and to nothing else', () => {
    expect(link('https://example.org/a', 'a').text).toContain('href="https://example.org/a"')
    expect(link('javascript:alert(1)', 'a').text).toBe('a')
  })
})
