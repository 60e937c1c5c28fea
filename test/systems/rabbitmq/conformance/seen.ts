import type { FieldTable, FieldValue } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import { isArray, isTable, isTyped } from '../../../../src/systems/rabbitmq/core/field-table.ts'

/** A message as a client sees it. */
export interface SeenMessage {
  readonly id: number
  readonly exchange: string
  readonly key: string
  readonly headers: FieldTable
  readonly deliveryMode: number | undefined
  readonly priority: number | undefined
  readonly expiration: string | undefined
  readonly redelivered: boolean | undefined
}

/**
 * What the client of a channel has seen, less what the server leaves open: in which frames confirms come and in which order, how deliveries
 * from several queues to one channel mix (so each consumer has a list of its own), and the time of a death.
 */
export class Seen {
  readonly deliveries = new Map<string, { readonly tag: number; readonly message: SeenMessage }[]>()
  readonly returned: SeenMessage[] = []
  readonly cancelled = new Set<string>()
  readonly #answers = new Map<number, 'ack' | 'nack'>()
  closed: number | undefined

  delivered(consumer: string, tag: number, message: SeenMessage): void {
    const known = this.deliveries.get(consumer)
    if (known === undefined) this.deliveries.set(consumer, [{ tag, message }])
    else known.push({ tag, message })
  }

  answered(answer: 'ack' | 'nack', sequence: number, multiple: boolean, published: number): void {
    for (let open = multiple ? 1 : sequence; open <= Math.min(sequence, published); open++) {
      if (open === sequence || !this.#answers.has(open)) this.#answers.set(open, answer)
    }
  }

  /** The same text for the same sights. */
  get text(): string {
    const deliveries = [...this.deliveries]
      .sort(byFirst)
      .map(([consumer, list]) => [consumer, list.map(({ message }) => message)])
    const answers = [...this.#answers].sort(([one], [other]) => one - other)
    const cancelled = [...this.cancelled].sort()
    return JSON.stringify(
      { closed: this.closed, deliveries, returned: this.returned, cancelled, answers },
      undefined,
      1,
    )
  }
}

/** Headers in the order of their names, with only the presence of a death's time, and without types that mean the same. */
export function comparable(value: FieldTable): FieldTable {
  const entries = Object.entries(value).sort(byFirst)
  return Object.fromEntries(entries.map(([name, field]) => [name, comparableField(field)]))
}

function comparableField(field: FieldValue): FieldValue {
  if (isTyped(field)) return field['!'] === 'timestamp' ? 'some time' : field.value
  if (isArray(field)) return field.map(comparableField)
  return isTable(field) ? comparable(field) : field
}

function byFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
