import { describe, expect, it } from 'vitest'
import type { Canary } from './canary.ts'
import { checked } from './canary.ts'

/** The tests of planted bugs: each is found, and not found where it is mended, in so many runs. */
export function foundUnlessMended(canaries: readonly Canary[], runsOfMended: number): void {
  describe.each(canaries)('$bug', ({ bug, breaks, broken, mended }) => {
    it('is found, in at most three faults', async () => {
      const { failures } = await checked(bug, broken)
      expect(failures.map(({ guarantee }) => guarantee)).toContain(breaks)
      for (const { faults } of failures) expect(faults).toBeLessThanOrEqual(3)
    })

    it('is not found where it is mended', async () => {
      const { ok, text } = await checked(bug, mended, runsOfMended)
      expect(ok ? '' : text).toBe('')
    })
  })
}
