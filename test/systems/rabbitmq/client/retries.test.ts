import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import type { Handle, Written } from '../../bench.ts'
import { acknowledge, discard } from '../../bench.ts'
import { bench, safe, sender, worker } from './world.ts'

const later = { 'x-message-ttl': second, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'orders' }
const retried = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'later' }

const failures = 20

const failAndFail: Handle = (context) => (context.received.attempt > failures ? acknowledge : discard)(context)

/** How often two messages were handed to a consumer that fails at them again and again, and where they rested. */
function run(orders: Written, options: Written, parked: Written = {}) {
  const billing = worker({ handle: failAndFail, options })
  const undertaker = worker({ from: 'parked', nodeName: 'undertaker', after: 50 * second })
  const shop = sender({ options: safe, messages: 2 })
  const topology = { queues: { orders, later, parked } }
  const { system } = bench(topology, 60 * second, shop, billing, undertaker).run()
  return { handed: billing.messages().length, parked: undertaker.messages(), sent: shop.sent, system }
}

describe('An application that counts how often a message came back', () => {
  it('parks what x-death says to have come back too often, each message once', () => {
    const { handed, parked, sent, system } = run(retried, { 'park-after': 3, 'park-to': 'parked' })
    expect(handed).toBe(2 * 4)
    expect(parked).toEqual(sent)
    expect(system.parkingPlaces).toContainEqual({ place: 'parked', of: ['orders'] })
  })

  it('finds no more than 1 in x-death when it publishes the retries itself', () => {
    const { handed, parked } = run({}, { 'retry-to': 'later', 'park-after': 3, 'park-to': 'parked' })
    expect(handed).toBe(2 * (failures + 1))
    expect(parked).toEqual([])
  })

  it('counts in a header of its own all the same', () => {
    const own = { 'retry-to': 'later', 'park-after': 3, 'park-to': 'parked', 'retry-count': 'x-retry' }
    const { handed, parked, sent } = run({}, own)
    expect(handed).toBe(2 * 4)
    expect(parked).toEqual(sent)
  })

  it('puts a message back that the parking queue does not take', () => {
    const full = { 'x-max-length': 1, 'x-overflow': 'reject-publish' }
    const { handed, parked } = run(retried, { 'park-after': 1, 'park-to': 'parked' }, full)
    expect(handed).toBe(2 + (failures + 1))
    expect(parked).toHaveLength(1)
  })
})

describe('A shovel', () => {
  it('moves what it takes with its headers, and waits for the confirm of each', () => {
    const options = {
      queues: { orders: {}, full: { 'x-max-length': 3, 'x-overflow': 'reject-publish' } },
    }
    const shovel = worker({ options: { 'shovel-to': 'full', prefetch: 1 }, nodeName: 'shovel' })
    const late = worker({ from: 'full', nodeName: 'late', after: 3 * second })
    const shop = sender({ options: safe })
    bench(options, 10 * second, shop, shovel, late).run()
    expect(shovel.messages()).toEqual([])
    expect([...late.messages()].toSorted()).toEqual([...shop.sent].toSorted())
  })
})
