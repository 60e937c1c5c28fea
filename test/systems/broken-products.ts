import { second } from '../../src/simulation/duration.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { Consumer, Delivery, Producer, System, SystemKind, Use } from '../../src/systems/system.ts'
import { sqsStub } from './sqs-stub/sqs-stub.ts'

/*
 * Products with one planted bug each, to see that the rules of the conformance suite can fail.
 */

/** A bug, and the rule that must catch it. */
export interface Canary {
  readonly bug: string
  readonly rule: string
  readonly kind: SystemKind
}

interface Bug {
  readonly producer?: (producer: Producer, process: Process) => Partial<Producer>
  readonly consumer?: (consumer: Consumer, process: Process) => Partial<Consumer>
  readonly system?: (system: System) => Partial<System>
}

function broken(bug: Bug): SystemKind {
  return { ...sqsStub, build: (setup) => brokenSystem(sqsStub.build(setup), bug) }
}

function brokenSystem(system: System, bug: Bug): System {
  return {
    name: system.name,
    parkingPlaces: system.parkingPlaces,
    patience: system.patience,
    sourcesOf: (address) => system.sourcesOf(address),
    waitingFor: () => system.waitingFor(),
    takeInventory: () => system.takeInventory(),
    producer: (process: Process, use: Use) => brokenProducer(system.producer(process, use), process, bug),
    consumer: (process: Process, use: Use) => brokenConsumer(system.consumer(process, use), process, bug),
    ...bug.system?.(system),
  }
}

function brokenProducer(producer: Producer, process: Process, bug: Bug): Producer {
  return {
    send: (envelope, answered) => producer.send(envelope, answered),
    close: (done) => producer.close(done),
    ...bug.producer?.(producer, process),
  }
}

function brokenConsumer(consumer: Consumer, process: Process, bug: Bug): Consumer {
  return {
    receive: (limit, ready) => consumer.receive(limit, ready),
    acknowledge: (deliveries, done) => consumer.acknowledge(deliveries, done),
    reject: (delivery, how, done) => consumer.reject(delivery, how, done),
    extend: (delivery, duration, done) => consumer.extend(delivery, duration, done),
    close: (done) => consumer.close(done),
    ...bug.consumer?.(consumer, process),
  }
}

/** Keeps the first delivery and hands it out again later, though it was acknowledged. */
function repeating(consumer: Consumer): Partial<Consumer> {
  let kept: Delivery | undefined
  let receives = 0
  return {
    receive: (limit, ready) =>
      consumer.receive(limit, (deliveries) => {
        kept ??= deliveries[0]
        ready(++receives === 5 && kept !== undefined ? [...deliveries, kept] : deliveries)
      }),
  }
}

let stray = 0

export const canaries: readonly Canary[] = [
  {
    bug: 'confirms what it does not store',
    rule: 'delivers what it confirmed to every source of the address, and nothing else',
    kind: broken({
      producer: (producer, process) => ({
        send: (envelope, answered) =>
          envelope.sequence === 3
            ? void process.setTimer(1, () => answered({ outcome: 'confirmed', reason: '' }))
            : producer.send(envelope, answered),
      }),
    }),
  },
  {
    bug: 'hands out again what was acknowledged',
    rule: 'does not deliver again what was acknowledged when nothing fails',
    kind: broken({ consumer: repeating }),
  },
  {
    bug: 'forgets to delete',
    rule: 'does not deliver again what was acknowledged before the consumer started anew',
    kind: broken({
      consumer: (_consumer, process) => ({
        acknowledge: (_deliveries, done) => void process.setTimer(0, () => done('acknowledged')),
      }),
    }),
  },
  {
    bug: 'acknowledges by itself on delivery',
    rule: 'delivers again what a dead consumer had not acknowledged',
    kind: broken({
      consumer: (consumer) => ({
        receive: (limit, ready) =>
          consumer.receive(limit, (deliveries) => {
            if (deliveries.length > 0) consumer.acknowledge(deliveries, () => {})
            ready(deliveries)
          }),
      }),
    }),
  },
  {
    bug: 'takes a rejection for an acknowledgement',
    rule: 'delivers again what was rejected for that',
    kind: broken({
      consumer: (consumer) => ({ reject: (delivery, _how, done) => consumer.acknowledge([delivery], done) }),
    }),
  },
  {
    bug: 'refuses to extend',
    rule: 'lets a consumer keep a delivery for longer',
    kind: broken({
      consumer: (_consumer, process) => ({
        extend: (_delivery, _duration, done) => void process.setTimer(0, () => done('refused')),
      }),
    }),
  },
  {
    bug: 'never answers some sends',
    rule: 'answers every send exactly once, whatever happens to its nodes',
    kind: broken({
      producer: (producer) => ({
        send: (envelope, answered) => producer.send(envelope, envelope.sequence === 7 ? () => {} : answered),
      }),
    }),
  },
  {
    bug: 'answers some sends twice',
    rule: 'answers every send exactly once, whatever happens to its nodes',
    kind: broken({
      producer: (producer, process) => ({
        send: (envelope, answered) =>
          producer.send(envelope, (answer) => {
            answered(answer)
            if (envelope.sequence === 7) process.setTimer(1, () => answered(answer))
          }),
      }),
    }),
  },
  {
    bug: 'answers a dead process',
    rule: 'says nothing to a process that is dead',
    kind: answeringLate(),
  },
  {
    bug: 'answers an extension inside of the call',
    rule: 'calls nobody back inside of the call',
    kind: broken({ consumer: () => ({ extend: (_delivery, _duration, done) => done('acknowledged') }) }),
  },
  {
    bug: 'goes silent after a while',
    rule: 'goes on with the same clients when its nodes are back',
    kind: broken({
      consumer: (consumer, process) => ({
        receive: (limit, ready) => {
          if (process.now < 20 * second) consumer.receive(limit, (found) => process.now < 20 * second && ready(found))
        },
      }),
    }),
  },
  {
    bug: 'closes without a word to who is waiting',
    rule: 'answers what is open before it is closed',
    kind: broken({
      consumer: (consumer) => ({
        receive: (limit, ready) => consumer.receive(limit, (found) => found.length > 0 && ready(found)),
      }),
    }),
  },
  {
    bug: 'confirms what is sent when it is closed, and forgets it',
    rule: 'takes what is sent when it is closed, or says that it does not',
    kind: broken({
      producer: (producer, process) => {
        let closed = false
        return {
          send: (envelope, answered) => {
            if (closed) process.setTimer(0, () => answered({ outcome: 'confirmed', reason: '' }))
            else producer.send(envelope, answered)
          },
          close: (done) => {
            closed = true
            producer.close(done)
          },
        }
      },
    }),
  },
  {
    bug: 'waits for ever',
    rule: 'waits for nothing when all is done',
    kind: broken({ system: () => ({ waitingFor: () => 'better times' }) }),
  },
  {
    bug: 'waits for nothing, ever',
    rule: 'says what it waits for while a consumer has not settled what it has',
    kind: broken({ system: () => ({ waitingFor: () => undefined }) }),
  },
  {
    bug: 'leaves copies without a fate',
    rule: 'gives every copy exactly one fate, at a place of its own',
    kind: broken({ system: () => ({ takeInventory: () => {} }) }),
  },
  {
    bug: 'remembers something from run to run',
    rule: 'does the same under the same seed',
    kind: broken({
      producer: (producer, process) => ({
        send: (envelope, answered) => void process.setTimer(++stray, () => producer.send(envelope, answered)),
      }),
    }),
  },
  {
    bug: 'asks again and again whether there is anything',
    rule: 'costs little while nobody sends anything',
    kind: broken({
      consumer: (consumer, process) => {
        const poll = (): void => void process.setTimer(second, poll)
        poll()
        return consumer
      },
    }),
  },
  {
    bug: 'has a node under a foreign name',
    rule: 'has nodes of its own that can be struck as one group',
    kind: {
      ...sqsStub,
      build: (setup) => {
        setup.world.addNode({ name: 'stranger', start: () => {} })
        return sqsStub.build(setup)
      },
    },
  },
  {
    bug: 'does not look at addresses',
    rule: 'finds no fault with a sound configuration, and names an address that is not there',
    kind: { ...sqsStub, problems: () => [] },
  },
  {
    bug: 'has a default outside of its bounds',
    rule: 'says of each option what it is, and has a default inside its bounds',
    kind: {
      ...sqsStub,
      producerOptions: { retries: { type: 'count', fallback: 11, maximum: 10, summary: 'How often it tries again.' } },
    },
  },
  {
    bug: 'claims something under a fault that there is not',
    rule: 'says what it leaves out, and claims only under faults that there are',
    kind: {
      ...sqsStub,
      claims: () => [
        {
          guarantee: 'no-loss',
          level: 'delivery',
          holds: true,
          under: ['earthquake'],
          statement: 'Nothing is lost.',
          page: '',
        },
      ],
    },
  },
  {
    bug: 'has a phrase with a field that there is not',
    rule: 'records only facts that it declares, in phrases of their own fields',
    kind: {
      ...sqsStub,
      facts: [{ name: 'polled', scope: 'broker', fields: { count: 'int' }, phrase: '{node} polled {times} times' }],
    },
  },
]

/** Answers one send from outside of its process, which may have died meanwhile. */
function answeringLate(): SystemKind {
  return {
    ...sqsStub,
    build: (setup) => {
      const producer = (sound: Producer): Partial<Producer> => ({
        send: (envelope, answered) => {
          const late = (): void => answered({ outcome: 'unknown', reason: 'late' })
          if (envelope.sequence !== 2) sound.send(envelope, answered)
          else setup.world.engine.schedule(second, { number: 0, occur: late }, 0, undefined)
        },
      })
      return brokenSystem(sqsStub.build(setup), { producer })
    },
  }
}
