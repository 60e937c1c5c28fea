import { describe, expect, it } from 'vitest'
import { caseCounts, casesPage } from '../../src/report/html/cases-page.ts'

const cases = [
  { file: 'cases/a.yaml', title: 'No loss', state: 'green', sentence: '' },
  { file: 'cases/<b>.yaml', title: 'Twice', state: 'red', sentence: 'order-1 was applied twice.' },
] as const

describe('the page of kept cases', () => {
  it('counts them, has the red ones first, and says why they are', () => {
    const page = casesPage('cases', cases)
    expect(page).toContain(caseCounts(cases))
    expect(caseCounts(cases)).toBe('2 cases: 1 green, 1 red, 0 stale')
    expect(page.indexOf('Twice')).toBeLessThan(page.indexOf('No loss'))
    expect(page).toContain('order-1 was applied twice.')
  })

  it('takes no name for a part of itself', () => {
    expect(casesPage('cases', cases)).not.toContain('<b>.yaml')
  })
})
