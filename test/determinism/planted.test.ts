import { describe, expect, it } from 'vitest'
import { DispatchLog } from '../../src/cli/dispatch-log.ts'
import { firstDifference, type LoggedRun } from '../../src/cli/run-difference.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { systemKinds } from '../../src/systems/registry.ts'
import { scenarioFrom } from './scenario-from.ts'
import { strayDraw, strayOrder } from './stray-kinds.ts'

const products = [...systemKinds, strayDraw, strayOrder]

/** One run, with the log by which it can be compared. */
function logged(product: string): LoggedRun {
  const scenario = scenarioFrom(
    `
title: Planted
seed: planted
systems: { queue: { ${product}: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: queue/orders, messages: 20, rate: 100/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms, effect: billed } }
`,
    [strayDraw, strayOrder],
  )
  let log: DispatchLog | undefined
  simulate(scenario, { products, watch: ({ world }) => (log = new DispatchLog(world)) })
  if (log === undefined) throw new Error('The run was not watched.')
  const { summary } = log
  const events = log
  return { summary, window: async (from, to) => events.window(from, to) }
}

describe('a planted difference between two runs', () => {
  it('is missed by nobody when there is none', async () => {
    expect(await firstDifference(logged('memory'), logged('memory'))).toBe(undefined)
  })

  it('is caught when it is a stray random draw, and its node is named', async () => {
    const [one, other] = [logged('stray-draw'), logged('stray-draw')]
    expect(one.summary.fingerprint).not.toBe(other.summary.fingerprint)
    const difference = await firstDifference(one, other)
    expect([difference?.one?.target, difference?.other?.target]).toContain('culprit')
  })

  it('is caught when it is an unordered iteration, and its facts are named', async () => {
    const [one, other] = [logged('stray-order'), logged('stray-order')]
    expect(one.summary.fingerprint).not.toBe(other.summary.fingerprint)
    const difference = await firstDifference(one, other)
    expect(difference?.one?.facts.join()).toContain('acknowledged on culprit: message one')
    expect(difference?.other?.facts.join()).toContain('acknowledged on culprit: message two')
  })
})
