import { describe, expect, it } from 'vitest'
import { checked } from './canary.ts'
import { databaseCanaries } from './database.ts'

describe.each(databaseCanaries)('$bug', ({ bug, breaks, broken, mended }) => {
  it('is found, in at most three faults', async () => {
    const { failures } = await checked(bug, broken)
    expect(failures.map(({ guarantee }) => guarantee)).toContain(breaks)
    for (const { faults } of failures) expect(faults).toBeLessThanOrEqual(3)
  })

  it('is not found where it is mended', async () => {
    const { ok, text } = await checked(bug, mended, 15)
    expect(ok ? '' : text).toBe('')
  })
})
