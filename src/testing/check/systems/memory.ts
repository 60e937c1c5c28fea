import type { CheckedSystem } from './checked-system.ts'
import { given } from './checked-system.ts'

export interface MemorySystem {
  /** Default `orders`. */
  readonly queue?: string
  /** After how long a message that nobody acknowledged is delivered again. Default 30 s. */
  readonly 'visibility-timeout'?: string
  /** Any other option of the queue, under its own name. */
  readonly [option: string]: unknown
}

/** The broker of a tutorial: leases messages, and delivers again what is not acknowledged in time. */
export function memory(system: MemorySystem = {}): CheckedSystem {
  const { queue = 'orders', ...options } = given('memory', system)
  return {
    from: 'options',
    product: 'memory',
    sendTo: queue,
    receiveFrom: queue,
    group: undefined,
    options: { queues: { [queue]: { 'visibility-timeout': '30s', attempts: 0, ...options } } },
    producer: {},
    consumer: {},
    consumerUnlessSaid: {},
    firstMessageAfter: '100ms',
    outputs: { declaredAs: 'queues', place: (_, first) => first, reader: {} },
  }
}
