import type { CheckRow } from '../../src/checks/check.ts'
import { judge } from '../../src/checks/judge.ts'
import type { Plan } from '../../src/checks/plan.ts'
import { historyOf, type PlainValue } from '../../src/history/plain-fact.ts'

/*
 * Histories in a few words. A shop sends orders to billing; unless it says otherwise, a message is its own operation, everything of one
 * key, and a fact comes a millisecond after the one before it.
 */

export type Told = Readonly<Record<string, PlainValue>> & { readonly fact: string }

type More = Readonly<Record<string, PlainValue>>

export const plan: Plan = {
  services: [{ name: 'billing', effects: true }],
  routes: { orders: ['billing'] },
  endToEnd: [],
  parked: { 'orders-dead': ['billing'] },
}

/** A shop whose orders go to packing, which makes parcels for shipping. */
export const chain: Plan = {
  services: [
    { name: 'packing', effects: false },
    { name: 'shipping', effects: true },
  ],
  routes: { orders: ['packing'], parcels: ['shipping'] },
  endToEnd: [{ from: 'shop', to: 'shipping' }],
  parked: { 'parcels-dead': ['shipping'] },
}

export function sent(message: string, more: More = {}): Told {
  const sequence = Number(message.replace(/\D/g, ''))
  const own = { message, operation: message, key: 'k', sequence, service: 'shop', channel: 'orders' }
  return { fact: 'submitted', node: 'shop-1', ...own, ...more }
}

export function told(message: string, outcome: string, more: More = {}): Told {
  return { fact: 'answered', node: 'shop-1', message, service: 'shop', outcome, ...more }
}

/** Sent and confirmed. */
export function stored(message: string, more: More = {}): readonly Told[] {
  return [sent(message, more), told(message, 'confirmed')]
}

export function handed(message: string, more: More = {}): Told {
  return { fact: 'delivered', node: 'billing-1', message, service: 'billing', channel: 'orders', attempt: 1, ...more }
}

export function acknowledged(message: string, more: More = {}): Told {
  return { fact: 'acknowledged', node: 'billing-1', message, service: 'billing', attempt: 1, ...more }
}

export function applied(message: string, more: More = {}): Told {
  const own = {
    message,
    operation: message,
    effect: 'bill',
    service: 'billing',
    store: 'ledger',
    consumer: 'billing-1',
  }
  return { fact: 'effect-applied', node: 'ledger', ...own, attempt: 1, key: 'k', ...more }
}

export function undone(message: string, more: More = {}): Told {
  const own = { message, operation: message, effect: 'bill', service: 'billing', store: 'ledger' }
  return { fact: 'effect-undone', node: 'ledger', ...own, ...more }
}

export function skipped(message: string, reason: string): Told {
  const own = { message, operation: message, effect: 'bill', service: 'billing', attempt: 1 }
  return { fact: 'effect-skipped', node: 'billing-1', ...own, reason }
}

export function put(copy: number, message: string, place = 'orders'): Told {
  return { fact: 'copy-stored', node: 'broker', copy, message, place }
}

export function left(copy: number, message: string, fate: string, place = 'orders'): Told {
  return { fact: 'copy-ended', node: 'broker', copy, message, place, fate }
}

export function remained(copy: number, message: string, place = 'orders', state = 'ready'): Told {
  return { fact: 'copy-remained', node: 'broker', copy, message, place, state }
}

export function madeFrom(message: string, parent: string): Told {
  return { fact: 'derived', node: 'packing-1', message, parent }
}

export function ended(ending: string, waitingFor = ''): Told {
  return { fact: 'run-ended', node: '', ending, waitingFor }
}

export const settled = ended('settled')

/** The rows of a history, judged with all checks. */
export function rowsOf(facts: readonly Told[], judged: Plan = plan): readonly CheckRow[] {
  return judge(historyOf(facts.map((fact, place) => ({ at: place * 1000, ...fact }))), judged)
}

/** One row: `rowOf(facts, 'no-loss', 'effect')`. */
export function rowOf(
  facts: readonly Told[],
  guarantee: string,
  level: string,
  judged: Plan = plan,
  service?: string,
): CheckRow {
  const rows = rowsOf(facts, judged).filter((row) => row.guarantee === guarantee && row.level === level)
  const row = service === undefined ? rows[0] : rows.find((candidate) => candidate.service === service)
  if (row === undefined) throw new Error(`Nothing was said of ${guarantee} at the level ${level}.`)
  return row
}
