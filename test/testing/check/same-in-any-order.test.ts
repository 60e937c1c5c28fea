import { expect, it } from 'vitest'
import type { CheckResult } from '../../../src/testing/index.ts'
import { canaries, checked } from '../canaries/canaries.ts'

/** Checks that differ in their system, their stores and their shape, and that all find something. */
const chosen = canaries.filter(({ bug }) =>
  [
    'the offset is resolved before the effect',
    'each attempt has an idempotency key of its own',
    'the mark in the cache is looked for, and then set',
  ].includes(bug),
)

type Chosen = (typeof chosen)[number]

const check = ({ bug, broken }: Chosen): Promise<CheckResult> => checked(bug, broken, 20)

/** The texts of the checks by their names, made in this order, one after the other. */
async function texts(order: readonly Chosen[]): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, string>()
  for (const each of order) told.set(each.bug, (await check(each)).text)
  return told
}

it('is the same text whichever check was run before, and beside others at the same time', async () => {
  expect(chosen.length).toBe(3)
  const inOrder = await texts(chosen)
  for (const [bug, text] of inOrder)
    expect({ bug, text }).toMatchObject({ text: expect.stringContaining('does not hold') })
  for (const [bug, text] of await texts(chosen.toReversed()))
    expect({ bug, text }).toEqual({ bug, text: inOrder.get(bug) })
  const atOnce = await Promise.all(chosen.map(async (each) => ({ bug: each.bug, text: (await check(each)).text })))
  expect(atOnce).toEqual(chosen.map(({ bug }) => ({ bug, text: inOrder.get(bug) })))
})
