import { Controller, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Ctx, EventPattern, Payload, Server, ServerKafka, ServerRMQ } from '@nestjs/microservices'
import { expect, it } from 'vitest'
import type { DeliveryCheck } from '../../../src/testing/index.ts'
import { checkDelivery, kafka, nest, rabbitmq } from '../../../src/testing/index.ts'

/** A context of either transport, as far as the controller uses it. */
interface Context {
  getMessage(): { readonly key?: unknown; readonly offset?: string; readonly headers?: object }
  getPattern?(): string
  getTopic?(): string
  getChannelRef?(): { ack(message: unknown): void }
}

interface Order {
  readonly order: string
}

/** What the controller saw and did, in order, in the process that began last. */
let seen: string[] = []

/** Its first attempt at the second order fails. It is decorated without the syntax for it, so that no option of the compiler is needed. */
class Orders {
  #failed = false

  constructor() {
    seen = []
  }

  handle(data: Order, context: Context): void {
    const { key = '', offset = '', headers } = context.getMessage()
    const place = context.getTopic?.() ?? context.getPattern?.() ?? ''
    const told = context.getTopic === undefined ? '' : JSON.stringify(headers)
    seen.push([JSON.stringify(data), place, String(key), offset, told].join(' '))
    if (data.order === 'order-1' && !this.#failed) {
      this.#failed = true
      seen.push('throws')
      throw new Error('not now')
    }
    context.getChannelRef?.().ack(context.getMessage())
    seen.push('returns')
  }
}
Controller()(Orders)
EventPattern('orders')(Orders.prototype, 'handle', Object.getOwnPropertyDescriptor(Orders.prototype, 'handle') ?? {})
Payload()(Orders.prototype, 'handle', 0)
Ctx()(Orders.prototype, 'handle', 1)

class App {
  readonly name = 'orders'
}
Module({ controllers: [Orders] })(App)

// Nest's own servers, without their connections and the packages for them.
Object.assign(Server.prototype, { loadPackage: () => ({}) })
for (const { prototype } of [ServerRMQ, ServerKafka])
  Object.assign(prototype, { listen: async (started: () => void) => started(), close: async () => {} })

async function inNest(server: ServerRMQ | ServerKafka, deliver: () => Promise<void>): Promise<readonly string[]> {
  const app = await NestFactory.createMicroservice(App, { strategy: server, logger: false })
  await app.listen()
  await deliver()
  // An event over RabbitMQ is waited for by nobody.
  await new Promise(setImmediate)
  await app.close()
  return seen
}

async function inACheck(changes: Pick<DeliveryCheck, 'system' | 'consumer' | 'messages'>): Promise<readonly string[]> {
  const check = { name: 'orders', members: 1, guarantees: ['no-loss/delivery'], runs: 1, cases: false } as const
  await checkDelivery({ ...check, faults: [{ at: '0s', pause: 'upstream', for: '1ms' }], ...changes })
  return seen
}

const orders: readonly Order[] = [0, 1, 2].map((n) => ({ order: `order-${n}` }))

it('calls a method over RabbitMQ as the server of Nest does, and leaves unacknowledged what fails', async () => {
  const packets = orders.map((data) => ({ pattern: 'orders', data }))
  let acknowledged = 0
  const server = new ServerRMQ({ noAck: false })
  const real = await inNest(server, async () => {
    for (const packet of packets)
      await server.handleMessage(
        { content: Buffer.from(JSON.stringify(packet)), properties: {} },
        { ack: () => acknowledged++ },
      )
  })
  const ours = await inACheck({
    system: rabbitmq(),
    consumer: () => {
      const controller = new Orders()
      return nest.event<Order, Context>((data, context) => controller.handle(data, context), { noAck: false })
    },
    messages: packets.map((value) => ({ value })),
  })
  expect(real).toEqual([
    '{"order":"order-0"} orders   ',
    'returns',
    '{"order":"order-1"} orders   ',
    'throws',
    '{"order":"order-2"} orders   ',
    'returns',
  ])
  expect(acknowledged).toBe(2)
  expect(ours).toEqual(real)
})

it('calls a method over Kafka as the server of Nest does, and lets kafkajs know of what fails', async () => {
  const server = new ServerKafka({})
  const real = await inNest(server, async () => {
    const eachMessage = server.getMessageHandler()
    for (const [n, data] of orders.entries()) {
      const message = (): object => ({
        key: Buffer.from('a'),
        value: Buffer.from(JSON.stringify(data)),
        headers: { trace: Buffer.from('t') },
        offset: String(n),
      })
      const payload = (): never =>
        ({
          topic: 'orders',
          partition: 0,
          message: message(),
          heartbeat: async () => {},
          pause: () => () => {},
        }) as never
      // What kafkajs does with an error: it fetches the message again.
      await eachMessage(payload()).catch(() => eachMessage(payload()))
    }
  })
  const ours = await inACheck({
    system: kafka({ client: 'kafkajs', partitions: 1 }),
    consumer: () => {
      const controller = new Orders()
      return nest.event<Order, Context>((data, context) => controller.handle(data, context))
    },
    messages: orders.map((value) => ({ key: 'a', value, headers: { trace: 't' } })),
  })
  expect(real.filter((line) => line === 'throws').length).toBe(1)
  expect(real.length).toBe(8)
  expect(ours).toEqual(real)
})
