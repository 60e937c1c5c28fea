import * as fc from 'fast-check'
import type { Plan } from '../../src/checks/plan.ts'
import { applied, handed, madeFrom, put, sent, skipped, told, type Told, undone } from './telling.ts'

/** Packing and shipping get orders; shipping also gets the parcels that packing makes of them. */
export const talePlan: Plan = {
  services: [
    { name: 'packing', effects: true },
    { name: 'shipping', effects: true, writes: 'state' },
  ],
  routes: { orders: ['packing', 'shipping'], parcels: ['shipping'] },
  endToEnd: [{ from: 'shop', to: 'shipping' }],
  parked: { dead: ['shipping'] },
}

/** Submissions first, some of them answered at once; then anything, of messages sent and unsent. Parcels are made from orders. */
export const anyTale: fc.Arbitrary<readonly Told[]> = fc
  .tuple(
    submissions(),
    fc.array(serving(), { maxLength: 3 }),
    fc.array(anything(), { maxLength: 14 }),
    fc.constantFrom('settled', 'settled', 'stuck', 'bound', ''),
  )
  .map(([sends, served, facts, ending]) => [
    ...sends,
    ...withoutIdleLosses([...served.flat(), ...facts]),
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
    .chain((facts) => fc.tuple(...facts.map((fact) => answeredAtOnce(fact))))
    .map((parts) => parts.flat())
}

function answeredAtOnce(fact: Told): fc.Arbitrary<readonly Told[]> {
  if (fact.fact !== 'submitted') return fc.constant([fact])
  const answers = fc.constantFrom('', '', 'confirmed', 'assumed')
  return answers.map((said) => (said === '' ? [fact] : [fact, told(String(fact['message']), said)]))
}

/** An order that is handed over and has its effect, as things should be. */
function serving(): fc.Arbitrary<readonly Told[]> {
  const message = fc.constantFrom('m1', 'm2', 'm3')
  const operation = fc.constantFrom('o1', 'o2', 'o3')
  const service = fc.constantFrom('packing', 'shipping')
  const version = fc.integer({ min: 1, max: 3 })
  return fc
    .tuple(message, operation, service, version)
    .map(([about, of, at, newness]) => [
      handed(about, { service: at, partition: '0' }),
      applied(about, { operation: of, service: at, version: newness }),
    ])
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
  const partition = fc.constantFrom('0', '0', '0', '1')
  const effects = fc
    .tuple(message, operation, effect, service, fc.constantFrom('ledger', 'ledger', 'ledger', ''))
    .map(([about, of, what, at, store]) => ({ message: about, operation: of, effect: what, service: at, store }))
  const state = fc
    .tuple(fc.constantFrom('k', 'k', 'l'), fc.integer({ min: 1, max: 3 }))
    .map(([key, version]) => ({ key, version }))
  return fc.oneof(
    fc.tuple(message, outcome).map(([about, said]) => told(about, said)),
    fc.tuple(message, outcome).map(([about, said]) => told(about, said)),
    fc.tuple(message, service, partition).map(([about, at, from]) => handed(about, { service: at, partition: from })),
    fc.tuple(message, service, partition).map(([about, at, from]) => handed(about, { service: at, partition: from })),
    fc.tuple(effects, state).map(([more, written]) => applied(more.message, { ...more, ...written })),
    fc.tuple(effects, state).map(([more, written]) => applied(more.message, { ...more, ...written })),
    effects.map((more) => undone(more.message, more)),
    fc
      .tuple(effects, fc.constantFrom('superseded', 'seen already'))
      .map(([{ message: about, operation: of, effect: what, service: at }, reason]) => ({
        ...skipped(about, reason),
        operation: of,
        effect: what,
        service: at,
      })),
    fc.tuple(message, place).map(([about, where]) => put(1, about, where)),
  )
}

/** A store can lose only what it has. */
function withoutIdleLosses(facts: readonly Told[]): readonly Told[] {
  const kept = new Map<string, number>()
  return facts.filter((fact) => {
    const { message, operation, effect, service, store } = fact
    const item = JSON.stringify([message, operation, effect, service, store])
    const left = (kept.get(item) ?? 0) + (fact.fact === 'effect-applied' ? 1 : fact.fact === 'effect-undone' ? -1 : 0)
    if (left >= 0) kept.set(item, left)
    return left >= 0
  })
}
