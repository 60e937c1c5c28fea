import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { rabbitmq } from '../../../../src/systems/rabbitmq/rabbitmq.ts'
import type { Client, SenderOptions, WorkerOptions, Written } from '../../bench.ts'
import { Bench, Sender, Worker } from '../../bench.ts'

/** When senders begin: by then every consumer is there. */
export const begin = second

export const safe = { confirms: true, delivery_mode: '2' }

export function bench(options: Written, until: number, ...clients: readonly Client[]): Bench {
  return new Bench({ kind: rabbitmq, options, until, clients })
}

export function sender(options: Partial<SenderOptions> = {}): Sender {
  return new Sender(rabbitmq, { to: 'orders', messages: 10, every: 10 * millisecond, after: begin, ...options })
}

export function worker(options: Partial<WorkerOptions> = {}): Worker {
  return new Worker(rabbitmq, { from: 'orders', ...options })
}

/** The node freezes for a while: it says nothing, and its host acknowledges what comes. */
export function pause(run: Bench, name: string, at: number, duration: number): Bench {
  return run.at(at, () => {
    const undo = run.node(name).pause()
    run.world.engine.schedule(duration, { number: -100, occur: undo }, 0, undefined)
  })
}
