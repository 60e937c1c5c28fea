import * as fc from 'fast-check'
import type { Plan } from '../../src/checks/plan.ts'
import { applied, handed, madeFrom, put, sent, skipped, told, type Told, undone } from './telling.ts'

/** Packing and shipping get orders; shipping also gets the parcels that packing makes of them. */
export const talePlan: Plan = {
  services: [
    { name: 'packing', effects: true },
    { name: 'shipping', effects: true },
  ],
  routes: { orders: ['packing', 'shipping'], parcels: ['shipping'] },
  endToEnd: [{ from: 'shop', to: 'shipping' }],
  parked: { dead: ['shipping'] },
}

/** Submissions first, as in every run; then anything, of messages sent and unsent. Parcels are made from orders. */
export const anyTale: fc.Arbitrary<readonly Told[]> = fc
  .tuple(
    submissions(),
    fc.array(anything(), { maxLength: 14 }),
    fc.constantFrom('settled', 'settled', 'stuck', 'bound', ''),
  )
  .map(([sends, facts, ending]) => [
    ...sends,
    ...withoutIdleLosses(facts),
    ...(ending === '' ? [] : [{ fact: 'run-ended', ending }]),
  ])

/** Each message has one operation for ever; some are submitted twice. */
function submissions(): fc.Arbitrary<readonly Told[]> {
  const orders = fc
    .shuffledSubarray(['m1', 'm2', 'm3', 'm4'])
    .chain((messages) => fc.tuple(...messages.map((message) => order(message))))
  const parcels = fc
    .shuffledSubarray(['p1', 'p2'])
    .chain((messages) => fc.tuple(...messages.map((message) => parcel(message))))
  const derivations = fc.array(derivation(), { maxLength: 3 })
  return fc
    .tuple(orders, parcels, derivations)
    .map((parts) => parts.flat())
    .chain((facts) => fc.subarray(facts, { maxLength: Math.min(2, facts.length) }).map((again) => [...facts, ...again]))
}

function order(message: string): fc.Arbitrary<Told> {
  const choices = fc.tuple(
    fc.constantFrom('shop-1', 'shop-1', 'shop-2'),
    fc.constantFrom('o1', 'o2', 'o3'),
    fc.constantFrom('k', 'k', 'k', 'k', 'k', 'k', 'l', ''),
    fc.nat({ max: 3 }),
  )
  return choices.map(([node, operation, key, sequence]) => sent(message, { node, operation, key, sequence }))
}

function parcel(message: string): fc.Arbitrary<Told> {
  const choices = fc.tuple(fc.constantFrom('o1/parcel', 'o2/parcel'), fc.nat({ max: 3 }))
  const packing = { service: 'packing', node: 'packing-1', channel: 'parcels' }
  return choices.map(([operation, sequence]) => sent(message, { operation, sequence, ...packing }))
}

function derivation(): fc.Arbitrary<Told> {
  return fc
    .tuple(fc.constantFrom('p1', 'p2'), fc.constantFrom('m1', 'm2', 'm9'))
    .map(([message, parent]) => madeFrom(message, parent))
}

function anything(): fc.Arbitrary<Told> {
  const message = fc.constantFrom('m1', 'm2', 'm3', 'p1', 'p2', 'm9')
  const outcome = fc.constantFrom('confirmed', 'confirmed', 'assumed', 'rejected', 'unknown')
  const service = fc.constantFrom('packing', 'shipping', 'shipping')
  const operation = fc.constantFrom('o1', 'o2', 'o1', 'o2', 'o1/parcel', 'o2/parcel', 'o9')
  const effect = fc.constantFrom('bill', 'bill', 'mail')
  const place = fc.constantFrom('dead', 'orders')
  const effects = fc
    .tuple(message, operation, effect, service)
    .map(([about, of, what, at]) => ({ message: about, operation: of, effect: what, service: at }))
  return fc.oneof(
    fc.tuple(message, outcome).map(([about, said]) => told(about, said)),
    fc.tuple(message, outcome).map(([about, said]) => told(about, said)),
    fc.tuple(message, service).map(([about, at]) => handed(about, { service: at })),
    fc.tuple(message, service).map(([about, at]) => handed(about, { service: at })),
    effects.map((more) => applied(more.message, more)),
    effects.map((more) => applied(more.message, more)),
    effects.map((more) => undone(more.message, more)),
    fc
      .tuple(effects, fc.constantFrom('superseded', 'seen already'))
      .map(([more, reason]) => ({ ...skipped(more.message, reason), ...more })),
    fc.tuple(message, place).map(([about, where]) => put(1, about, where)),
  )
}

/** A store can lose only what it has. */
function withoutIdleLosses(facts: readonly Told[]): readonly Told[] {
  const kept = new Map<string, number>()
  return facts.filter((fact) => {
    const { message, operation, effect, service } = fact
    const item = JSON.stringify([message, operation, effect, service])
    const left = (kept.get(item) ?? 0) + (fact.fact === 'effect-applied' ? 1 : fact.fact === 'effect-undone' ? -1 : 0)
    if (left >= 0) kept.set(item, left)
    return left >= 0
  })
}
