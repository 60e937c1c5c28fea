import { describe, expect, it } from 'vitest'
import { checked } from './canary.ts'
import { dependencyCanaries } from './dependencies.ts'

describe.each(dependencyCanaries)('$bug', ({ bug, breaks, broken, mended }) => {
  it('is found, in at most three faults', async () => {
    const { failures } = await checked(bug, broken)
    expect(failures.map(({ guarantee }) => guarantee)).toContain(breaks)
    for (const { faults } of failures) expect(faults).toBeLessThanOrEqual(3)
  })

  it('is not found where it is mended', async () => {
    const { ok, text } = await checked(bug, mended, 8)
    expect(ok ? '' : text).toBe('')
  })
})
