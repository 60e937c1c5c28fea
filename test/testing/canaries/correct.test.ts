import { expect, it } from 'vitest'
import { checked } from './canary.ts'
import { correct } from './correct.ts'

it.each(correct)('%s is not reported', async (name, planted) => {
  const { ok, text } = await checked(name, planted, 25)
  expect(ok ? '' : text).toBe('')
})
