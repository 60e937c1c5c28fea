import type { ExchangeType } from '../../../../src/systems/rabbitmq/core/exchange.ts'
import { Exchange } from '../../../../src/systems/rabbitmq/core/exchange.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Topology } from '../../../../src/systems/rabbitmq/core/route.ts'

/** An exchange as a line of a test: its bindings as `[destination, key, arguments]`, where `>name` is an exchange and `name` a queue. */
export interface ExchangeLine {
  readonly type: ExchangeType
  readonly alternate?: string
  readonly bindings: readonly (readonly [to: string, key?: string, arguments_?: FieldTable])[]
}

export function topologyOf(lines: Readonly<Record<string, ExchangeLine>>): Topology {
  const exchanges = new Map(Object.entries(lines).map(([name, line]) => [name, exchangeOf(name, line)]))
  return { exchange: (name) => exchanges.get(name) }
}

function exchangeOf(name: string, { type, alternate, bindings }: ExchangeLine): Exchange {
  const exchange = new Exchange({
    name,
    type,
    durable: true,
    autoDelete: false,
    internal: false,
    arguments: alternate === undefined ? {} : { 'alternate-exchange': alternate },
  })
  for (const [to, key = '', bindingArguments = {}] of bindings) {
    const destination = to.startsWith('>')
      ? ({ kind: 'exchange', name: to.slice(1) } as const)
      : ({ kind: 'queue', name: to } as const)
    exchange.bind({ source: name, destination, key, arguments: bindingArguments })
  }
  return exchange
}
