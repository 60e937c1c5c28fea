import { expect, it } from 'vitest'
import { lazily } from '../../src/pipeline/lazily.ts'

it('makes a value when it is asked for, and only once, even where it is undefined', () => {
  let made = 0
  const value = lazily(() => {
    made++
    return undefined
  })
  expect(made).toBe(0)
  expect([value(), value()]).toEqual([undefined, undefined])
  expect(made).toBe(1)
})
