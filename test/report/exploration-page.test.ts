import { describe, expect, it } from 'vitest'
import { diagramViews } from '../../src/report/diagram/views.ts'
import type { ExplorationView } from '../../src/report/exploration-view.ts'
import { explorationPage } from '../../src/report/html/exploration-page.ts'
import { storiesTold } from '../../src/report/story/saved.ts'
import { hostile, sampleRun } from './sample-run.ts'

const run = sampleRun()
const stories = storiesTold(run).slice(0, 1)

const view: ExplorationView = {
  title: 'What breaks orders',
  about: 'seed 7',
  summary: ['500 runs.'],
  coverage: [],
  struck: [{ kind: 'crash', times: 1200 }],
  kept: [{ file: 'old.yaml', title: 'An old case', state: 'green' }],
  cases: [
    {
      title: 'no-duplicates of billing breaks',
      kind: 'billing no-duplicates: crash of billing',
      size: '1 fault, 1 message (from 12 faults, 50 messages, in 45 runs)',
      remarks: ['Neither the seed nor the speed of the network matters.'],
      mend: 'No single option mends it.',
      command: 'npx onceproof run case.yaml',
      text: `title: ${hostile}`,
      stories,
      diagram: diagramViews(run, stories, undefined).stories[0],
    },
  ],
  others: [],
}

describe('the page of a search', () => {
  it('tells each kind of failure by its smallest case, with its story, its picture and its file', () => {
    const page = explorationPage(view)
    for (const text of ['1 kind of failure found', 'in 45 runs', 'No single option', 'npx onceproof run case.yaml'])
      expect(page).toContain(text)
    expect(page).toContain('billing-1 applied order-1 to ledger')
    expect(page.match(/<svg/g)).toHaveLength(1)
    expect(page).toContain('1,200')
    expect(page).toContain('An old case')
  })

  it('lets nothing out of its text and leads nowhere that is not there', () => {
    const page = explorationPage(view)
    expect(page).not.toContain('<script')
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(targets.filter((id) => !page.includes(`id="${id}"`))).toEqual([])
  })

  it('says of a sweep what was covered, and at how many points each guarantee broke', () => {
    const broken = { 'no-loss of billing': 7 }
    const coverage = [
      { what: 'crash of queue', points: 1284, runs: 900, missed: 3, broken },
      { what: 'pause of queue', points: 1284, runs: 900, missed: 0, broken: {} },
    ]
    const page = explorationPage({ ...view, coverage, struck: [], cases: [], others: ['billing no-loss: crash'] })
    expect(page.replaceAll(/<[^>]+>|\s+/g, ' ')).toMatch(
      /crash of queue +1,284 +900 +3 +at 7 +pause of queue +1,284 +900 +– +never/,
    )
    expect(page).toContain('Without a case of their own')
  })

  it('says that nothing was found, and that nothing struck', () => {
    const page = explorationPage({ ...view, cases: [], struck: [], kept: [] })
    expect(page).toContain('Nothing found.')
    expect(page).toContain('No fault struck')
  })
})
