import type { Order } from './order.ts'

/** For each entry `[id, fields]` that `redis.xreadgroup(...)` of ioredis brings; XACK follows when it has returned. */
export function onEntry(place: (order: Order) => Promise<void>) {
  return async ([, fields]: readonly [string, readonly string[]]): Promise<void> => {
    const named = new Map(fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] ?? ''] as const] : [])))
    const field = (name: string): string => named.get(name) ?? ''
    await place({ id: field('id'), sku: field('sku'), quantity: Number(field('quantity')) })
  }
}
