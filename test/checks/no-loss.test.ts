import { describe, expect, it } from 'vitest'
import {
  applied,
  chain,
  ended,
  handed,
  left,
  madeFrom,
  plan,
  put,
  rowOf,
  sent,
  settled,
  skipped,
  stored,
  told,
  undone,
} from './telling.ts'

describe('no-loss of deliveries', () => {
  const loss = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'no-loss', 'delivery')

  it('holds when every confirmed message was handed over', () => {
    expect(loss(...stored('m1'), handed('m1'), settled)).toMatchObject({
      service: 'billing',
      verdict: 'holds',
      judged: 1,
      violations: 0,
      counts: { confirmed: 1, confirmedLost: 0 },
    })
  })

  it('is violated by a confirmed message that nobody was handed, and tells its story', () => {
    const row = loss(...stored('m1'), put(1, 'm1'), left(1, 'm1', 'dropped'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, counts: { confirmedLost: 1, assumedLost: 0 } })
    expect(row.witnesses.map(({ item, sentence }) => [item, sentence])).toEqual([
      [
        'm1',
        'shop was told that m1 is safe (at 0.001 s), but billing was never handed it; the last that is known of it: m1 left orders: dropped at 0.003 s.',
      ],
    ])
    expect(row.witnesses[0]?.evidence.map(({ kind, index }) => [kind, index])).toEqual([
      ['submitted', 0],
      ['answered', 1],
      ['copy-ended', 3],
    ])
  })

  it('counts what was only assumed to be sent apart', () => {
    const row = loss(sent('m1'), told('m1', 'assumed'), ...stored('m2'), settled)
    expect(row).toMatchObject({ violations: 2, counts: { confirmed: 1, assumed: 1, confirmedLost: 1, assumedLost: 1 } })
    expect(row.witnesses.map(({ item }) => item)).toEqual(['m2', 'm1'])
    expect(row.witnesses[1]?.sentence).toBe(
      'shop took m1 for sent without asking (at 0.001 s), but billing was never handed it; nothing is known of it after that.',
    )
  })

  it.each(['unknown', 'rejected'])('does not miss a message whose outcome was %s', (outcome) => {
    expect(loss(sent('m1'), told('m1', outcome), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'no message that was meant for billing was confirmed or assumed',
    })
  })

  it('does not miss a message that was never answered', () => {
    expect(loss(sent('m1'), ...stored('m2'), handed('m2'), settled)).toMatchObject({ verdict: 'holds', judged: 1 })
  })

  it('tells a message of unknown outcome that arrived apart', () => {
    const row = loss(sent('m1'), told('m1', 'unknown'), handed('m1'), ...stored('m2'), handed('m2'), settled)
    expect(row).toMatchObject({ verdict: 'holds', counts: { unknown: 1, recovered: 1 } })
  })

  it('takes the answer that says most when there are several', () => {
    expect(loss(sent('m1'), told('m1', 'unknown'), told('m1', 'confirmed'), settled).verdict).toBe('violated')
  })

  it('misses each confirmed message, even when the same operation arrived by another one', () => {
    const again = stored('m2', { operation: 'm1' })
    expect(loss(...stored('m1'), ...again, handed('m2'), settled)).toMatchObject({ violations: 1 })
  })

  it('holds when what is missing rests in a dead-letter place', () => {
    const dead = [left(1, 'm1', 'dead-lettered'), put(2, 'm1', 'orders-dead')]
    expect(loss(...stored('m1'), put(1, 'm1'), ...dead, settled)).toMatchObject({
      verdict: 'holds',
      counts: { parked: 1 },
    })
  })

  it('is violated when a message left the dead-letter place and came nowhere', () => {
    const dead = [put(2, 'm1', 'orders-dead'), left(2, 'm1', 'expired', 'orders-dead')]
    expect(loss(...stored('m1'), ...dead, settled)).toMatchObject({ verdict: 'violated', counts: { parked: 0 } })
  })

  it('leaves open what had not arrived when the run reached its bound', () => {
    expect(loss(...stored('m1'), ended('bound', 'a member'))).toMatchObject({
      verdict: 'unknown',
      reason: '1 of 1 had not arrived: the run reached its bound before everything had settled, waiting for a member',
      counts: { pending: 1 },
    })
  })

  it('leaves open what had not arrived when nobody says how the run ended, or somebody stopped it', () => {
    expect(loss(...stored('m1')).verdict).toBe('unknown')
    expect(loss(...stored('m1'), ended('stopped')).verdict).toBe('unknown')
  })

  it('holds at the bound when everything had arrived', () => {
    expect(loss(...stored('m1'), handed('m1'), ended('bound')).verdict).toBe('holds')
  })

  it('counts what a stuck run would never deliver as lost, and says why it was stuck', () => {
    expect(loss(...stored('m1'), ended('stuck', 'm1 in orders'))).toMatchObject({
      verdict: 'violated',
      reason: 'the run got stuck, waiting for m1 in orders',
    })
  })

  it('expects nothing of a channel in which the service has no interest', () => {
    expect(loss(...stored('m1', { channel: 'gossip' }), settled).verdict).toBe('unknown')
  })

  it('expects a message at every service that declared its interest, whenever it subscribed', () => {
    const services = [
      { name: 'billing', effects: false },
      { name: 'audit', effects: false },
    ]
    const both = { ...plan, services, routes: { orders: ['billing', 'audit'] } }
    const facts = [...stored('m1'), handed('m1'), settled]
    expect(rowOf(facts, 'no-loss', 'delivery', both, 'billing').verdict).toBe('holds')
    expect(rowOf(facts, 'no-loss', 'delivery', both, 'audit').verdict).toBe('violated')
  })
})

describe('no-loss of effects', () => {
  const loss = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'no-loss', 'effect')

  it('holds when every confirmed operation had an effect', () => {
    expect(loss(...stored('m1'), handed('m1'), applied('m1'), settled).verdict).toBe('holds')
  })

  it('is violated by an operation that was handled without an effect', () => {
    const handling = [
      handed('m1'),
      { fact: 'handled', node: 'billing-1', message: 'm1', service: 'billing', attempt: 1 },
    ]
    expect(loss(...stored('m1'), ...handling, settled).witnesses[0]?.sentence).toBe(
      'shop was told that m1 is safe (at 0.001 s), but it has no effect in billing; the last that is known of it: billing-1 finished m1 at 0.003 s.',
    )
  })

  it('is content when an operation had its effect by another message', () => {
    const again = stored('m2', { operation: 'm1' })
    expect(loss(...stored('m1'), ...again, applied('m2', { operation: 'm1' }), settled)).toMatchObject({
      verdict: 'holds',
      judged: 1,
    })
  })

  it('is violated when a store lost the effect', () => {
    expect(loss(...stored('m1'), applied('m1'), undone('m1'), settled).verdict).toBe('violated')
  })

  it('holds when a lost effect was made good', () => {
    expect(loss(...stored('m1'), applied('m1'), undone('m1'), applied('m1'), settled).verdict).toBe('holds')
  })

  it('is content with one of several effects that remained', () => {
    const two = [applied('m1'), applied('m1', { effect: 'mail' }), undone('m1')]
    expect(loss(...stored('m1'), ...two, settled).verdict).toBe('holds')
  })

  it.each(['superseded', 'declined'])('holds when the effect was %s', (reason) => {
    const row = loss(...stored('m1'), handed('m1'), skipped('m1', reason), settled)
    expect(row).toMatchObject({ verdict: 'holds', counts: { declined: 1 } })
  })

  it('is violated when the effect was left out because it seemed to be done already', () => {
    expect(loss(...stored('m1'), handed('m1'), skipped('m1', 'the ledger has it already'), settled).verdict).toBe(
      'violated',
    )
  })

  it('says nothing of a service that has no effects', () => {
    const silent = { ...plan, services: [{ name: 'billing', effects: false }] }
    expect(() => rowOf([settled], 'no-loss', 'effect', silent)).toThrow('Nothing was said')
  })
})

describe('no-loss from end to end', () => {
  const parcel = (more = {}) => sent('p1', { service: 'packing', channel: 'parcels', node: 'packing-1', ...more })
  const shipped = applied('p1', { service: 'shipping' })
  const loss = (...facts: Parameters<typeof rowOf>[0]) => rowOf(facts, 'no-loss', 'effect', chain, 'shop→shipping')

  it('holds when something made of each message arrived at the far end', () => {
    expect(loss(...stored('m1'), madeFrom('p1', 'm1'), parcel(), shipped, settled).verdict).toBe('holds')
  })

  it('is violated when nothing was made of a message on the way', () => {
    expect(loss(...stored('m1'), handed('m1', { service: 'packing' }), settled)).toMatchObject({
      service: 'shop→shipping',
      verdict: 'violated',
    })
  })

  it('counts a message that was made from several as the arrival of each', () => {
    const joined = [madeFrom('p1', 'm1'), madeFrom('p1', 'm2'), parcel(), shipped]
    expect(loss(...stored('m1'), ...stored('m2'), ...joined, settled)).toMatchObject({ verdict: 'holds', judged: 2 })
  })

  it('counts each of several as lost when a store lost the effect of what was made from them', () => {
    const joined = [madeFrom('p1', 'm1'), madeFrom('p1', 'm2'), parcel(), shipped]
    const lost = undone('p1', { service: 'shipping' })
    expect(loss(...stored('m1'), ...stored('m2'), ...joined, lost, settled)).toMatchObject({ violations: 2 })
  })

  it('holds when what was made of it is parked', () => {
    const dead = put(1, 'p1', 'parcels-dead')
    expect(loss(...stored('m1'), madeFrom('p1', 'm1'), parcel(), dead, settled)).toMatchObject({
      verdict: 'holds',
      counts: { parked: 1 },
    })
  })

  it('expects nothing of other channels of the origin when the plan names some', () => {
    const named = { ...chain, endToEnd: [{ from: 'shop', to: 'shipping', channels: ['orders'] }] }
    const facts = [...stored('m1', { channel: 'gossip' }), settled]
    expect(rowOf(facts, 'no-loss', 'effect', named, 'shop→shipping').verdict).toBe('unknown')
  })
})

describe('no-loss from end to end', () => {
  it('counts as declined what was made of the operation and then left out', () => {
    const facts = [
      ...stored('m1'),
      sent('p1', { operation: 'p1', service: 'packing', channel: 'parcels' }),
      madeFrom('p1', 'm1'),
      handed('p1', { service: 'shipping' }),
      { ...skipped('p1', 'declined'), service: 'shipping' },
      settled,
    ]
    const row = rowOf(facts, 'no-loss', 'effect', chain, 'shop→shipping')
    expect(row).toMatchObject({ verdict: 'holds', counts: { declined: 1, confirmedLost: 0 } })
  })

  it('is not excused by a message that is parked beside the way', () => {
    const facts = [
      ...stored('m1'),
      sent('p1', { operation: 'p1', service: 'packing', channel: 'labels' }),
      madeFrom('p1', 'm1'),
      put(1, 'p1', 'parcels-dead'),
      settled,
    ]
    const onTheWay = (way: readonly string[]) => ({
      ...chain,
      endToEnd: [{ from: 'shop', to: 'shipping', channels: ['orders'], way }],
    })
    const verdictOn = (way: readonly string[]) =>
      rowOf(facts, 'no-loss', 'delivery', onTheWay(way), 'shop→shipping').verdict
    expect(verdictOn(['orders', 'parcels'])).toBe('violated')
    expect(verdictOn(['orders', 'labels'])).toBe('holds')
  })
})
