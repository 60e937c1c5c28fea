import { expect, it, vi } from 'vitest'
import { awsSdk } from '../../../src/testing/index.ts'
import { broken, check, crashAfterEffect } from './adapter-check.ts'
import { pollForEver } from './sdk-of-module.ts'

vi.mock('./sdk-commands.ts', async (actual) => {
  const { awsSdk: simulated } = await import('../../../src/testing/index.ts')
  return { ...(await actual<object>()), SQSClient: simulated.SQSClient }
})

it('serves code that makes its client in a module, where the module of the SDK is mocked', async () => {
  const booking = check(({ effect }) => awsSdk.poll(() => pollForEver(() => effect())))
  expect(await broken(booking)).toEqual([])
  expect(await broken({ ...booking, faults: crashAfterEffect })).toContain('no-duplicates')
})
