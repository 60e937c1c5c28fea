import { expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { outputLimitIn, saveRulesIn } from '../../../../src/systems/redis/server/server-settings.ts'

it('save is pairs of seconds and writes, and nothing at all for never', () => {
  expect(saveRulesIn('3600 1 300 100')).toEqual([
    { after: 3600 * second, writes: 1 },
    { after: 300 * second, writes: 100 },
  ])
  expect(saveRulesIn('')).toEqual([])
  expect(saveRulesIn('3600')).toBeUndefined()
  expect(saveRulesIn('often 1')).toBeUndefined()
})

it('an output limit counts in 1,000 or 1,024, and 0 is none', () => {
  expect(outputLimitIn('32mb 8mb 60')).toEqual({ hard: 32 * 1024 ** 2, soft: 8 * 1024 ** 2, softFor: 60 * second })
  expect(outputLimitIn('1k 0 0')).toEqual({ hard: 1000, soft: Infinity, softFor: 0 })
  expect(outputLimitIn('a lot')).toBeUndefined()
})
