import { copyEnded, copyRemained, copyStored } from '../../../src/history/facts.ts'
import type { Micros } from '../../../src/simulation/duration.ts'
import { second } from '../../../src/simulation/duration.ts'
import type { Process } from '../../../src/simulation/process.ts'
import type { OptionTable } from '../../../src/systems/option.ts'
import { valuesOf } from '../../../src/systems/option.ts'
import type {
  AcknowledgeOutcome,
  Consumer,
  Delivery,
  Envelope,
  ParkingPlace,
  Producer,
  SendAnswer,
  System,
  SystemKind,
  SystemSetup,
  Use,
} from '../../../src/systems/system.ts'
import { Caller, serve } from '../stub-channel.ts'

/*
 * A double of a leasing product: receive, extend, delete. What it has stored outlives its processes, as the service behind it is replicated.
 */

const options = {
  queues: { type: 'map', of: {}, summary: 'Queues by name.' },
  'visibility-timeout': {
    type: 'duration',
    fallback: 5 * second,
    minimum: second,
    summary: 'How long a message that was received is hidden from others.',
  },
  duplicates: {
    type: 'probability',
    fallback: 0,
    minimum: 0,
    maximum: 1,
    summary: 'How often the first deletion of a message misses a copy of it, which comes again.',
  },
} as const satisfies OptionTable

const callTimeout = 5 * second

type Command =
  | { readonly type: 'send'; readonly queue: string; readonly envelope: Envelope }
  | { readonly type: 'receive'; readonly queue: string; readonly limit: number }
  | { readonly type: 'stop-receiving' }
  | { readonly type: 'delete'; readonly handles: readonly string[]; readonly fate: string }
  | { readonly type: 'change-visibility'; readonly handle: string; readonly duration: Micros }

type Answer = { readonly done: boolean } | { readonly messages: readonly ReceivedMessage[] }

interface ReceivedMessage {
  readonly envelope: Envelope
  readonly handle: string
  readonly receives: number
}

interface Stored {
  readonly copy: number
  readonly queue: string
  readonly envelope: Envelope
  handle: string
  receives: number
  hiddenUntil: Micros
}

interface Poll {
  readonly queue: string
  readonly limit: number
  readonly peer: object
  readonly answer: (answer: Answer) => void
}

class LeasingSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[] = []
  readonly patience: Micros
  readonly #setup: SystemSetup
  readonly #values
  readonly #stored: Stored[] = []
  #polls: Poll[] = []

  constructor(setup: SystemSetup) {
    this.#setup = setup
    this.name = setup.name
    this.#values = valuesOf(options, setup.settings)
    this.patience = 2 * this.#values['visibility-timeout'] + callTimeout
    setup.world.addNode({ name: setup.name, start: (process) => this.#start(process) })
  }

  sourcesOf(address: string): readonly string[] {
    return Object.hasOwn(this.#values.queues, address) ? [address] : []
  }

  producer(process: Process, use: Use): Producer {
    const caller = new Caller<Command, Answer>(process, this.name)
    return {
      send: (envelope, answered) =>
        caller.call({ type: 'send', queue: use.address, envelope }, callTimeout, (answer) =>
          answered(sendAnswer(answer)),
        ),
      close: (done) => caller.close(done),
    }
  }

  consumer(process: Process, use: Use): Consumer {
    return new LeasingConsumer(process, this.name, use.address)
  }

  waitingFor(): string | undefined {
    return this.#stored.length === 0 ? undefined : `${this.#stored.length} messages that are not deleted`
  }

  takeInventory(): void {
    for (const { copy, queue, envelope } of this.#stored) {
      const values = { copy, message: envelope.message, place: `${this.name}/${queue}`, state: 'stored' }
      this.#setup.world.recordOfRun(copyRemained, values)
    }
  }

  #start(process: Process): void {
    this.#polls = []
    for (const { hiddenUntil } of this.#stored) this.#lookAgain(process, hiddenUntil)
    serve<Command, Answer>(
      process,
      (command, answer, peer) => this.#serve(process, command, answer, peer),
      (peer) => this.#drop(peer),
    )
  }

  #serve(process: Process, command: Command, answer: (answer: Answer) => void, peer: object): void {
    switch (command.type) {
      case 'send':
        answer({ done: this.#send(process, command.queue, command.envelope) })
        break
      case 'receive':
        this.#polls.push({ queue: command.queue, limit: command.limit, peer, answer })
        break
      case 'stop-receiving':
        this.#drop(peer, true)
        answer({ done: true })
        break
      case 'delete':
        answer({ done: command.handles.filter((handle) => !this.#delete(process, handle, command.fate)).length === 0 })
        break
      case 'change-visibility':
        answer({ done: this.#hide(process, command.handle, command.duration) })
    }
    this.#answerPolls(process)
  }

  #send(process: Process, queue: string, envelope: Envelope): boolean {
    if (this.sourcesOf(queue).length === 0) return false
    const copy = this.#setup.nextCopy()
    process.record(copyStored, { copy, message: envelope.message, place: `${this.name}/${queue}` })
    this.#stored.push({ copy, queue, envelope, handle: '', receives: 0, hiddenUntil: 0 })
    return true
  }

  #delete(process: Process, handle: string, fate: string): boolean {
    const place = this.#stored.findIndex((candidate) => candidate.handle === handle)
    const stored = this.#stored[place]
    if (stored === undefined) return false
    if (this.#outlivesDeletion(stored)) return true
    this.#stored.splice(place, 1)
    const { copy, queue, envelope } = stored
    const values = { copy, message: envelope.message, place: `${this.name}/${queue}`, fate, reason: '' }
    process.record(copyEnded, values)
    return true
  }

  #outlivesDeletion({ envelope, receives }: Stored): boolean {
    const { world } = this.#setup
    const message = world.history.names.text(envelope.message)
    return receives === 1 && world.random.fork(`duplicates/${message}`).chance(this.#values.duplicates)
  }

  #hide(process: Process, handle: string, duration: Micros): boolean {
    const stored = this.#stored.find((candidate) => candidate.handle === handle)
    if (stored === undefined) return false
    stored.hiddenUntil = process.now + duration
    this.#lookAgain(process, stored.hiddenUntil)
    return true
  }

  #drop(peer: object, answers = false): void {
    const dropped = this.#polls.filter((poll) => poll.peer === peer)
    this.#polls = this.#polls.filter((poll) => poll.peer !== peer)
    if (answers) for (const poll of dropped) poll.answer({ messages: [] })
  }

  #answerPolls(process: Process): void {
    for (const poll of [...this.#polls]) {
      const visible = this.#stored.filter(
        ({ queue, hiddenUntil }) => queue === poll.queue && hiddenUntil <= process.now,
      )
      if (visible.length === 0) continue
      this.#polls = this.#polls.filter((other) => other !== poll)
      poll.answer({ messages: visible.slice(0, poll.limit).map((stored) => this.#hand(process, stored)) })
    }
  }

  #hand(process: Process, stored: Stored): ReceivedMessage {
    stored.handle = `${stored.copy}/${++stored.receives}`
    stored.hiddenUntil = process.now + this.#values['visibility-timeout']
    this.#lookAgain(process, stored.hiddenUntil)
    return { envelope: stored.envelope, handle: stored.handle, receives: stored.receives }
  }

  #lookAgain(process: Process, time: Micros): void {
    if (time > process.now) process.setTimer(time - process.now, () => this.#answerPolls(process))
  }
}

class LeasingConsumer implements Consumer {
  readonly #caller: Caller<Command, Answer>
  readonly #queue: string
  readonly #handles = new WeakMap<Delivery, string>()
  #closed = false

  constructor(process: Process, server: string, queue: string) {
    this.#caller = new Caller(process, server)
    this.#queue = queue
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#closed) return
    this.#caller.call({ type: 'receive', queue: this.#queue, limit }, undefined, (answer) => {
      const messages = answer !== undefined && 'messages' in answer ? answer.messages : []
      ready(messages.map((message) => this.#delivery(message)))
    })
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const handles = deliveries.map((delivery) => this.#handles.get(delivery) ?? '')
    this.#settle({ type: 'delete', handles, fate: 'acknowledged' }, done)
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    const handle = this.#handles.get(delivery) ?? ''
    if (how === 'again') this.#settle({ type: 'change-visibility', handle, duration: 0 }, done)
    else this.#settle({ type: 'delete', handles: [handle], fate: 'dropped' }, done)
  }

  extend(delivery: Delivery, duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#settle({ type: 'change-visibility', handle: this.#handles.get(delivery) ?? '', duration }, done)
  }

  close(done: () => void): void {
    this.#closed = true
    this.#caller.call({ type: 'stop-receiving' }, callTimeout, () => this.#caller.close(done))
  }

  #settle(command: Command, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#caller.call(command, callTimeout, (answer) => {
      if (answer === undefined || !('done' in answer)) done('unknown')
      else done(answer.done ? 'acknowledged' : 'refused')
    })
  }

  #delivery({ envelope, handle, receives }: ReceivedMessage): Delivery {
    const delivery = { envelope, partition: this.#queue, position: -1, redelivered: receives > 1 }
    this.#handles.set(delivery, handle)
    return delivery
  }
}

function sendAnswer(answer: Answer | undefined): SendAnswer {
  if (answer === undefined || !('done' in answer)) return { outcome: 'unknown', reason: 'no answer' }
  return answer.done ? { outcome: 'confirmed', reason: '' } : { outcome: 'rejected', reason: 'no such queue' }
}

export const sqsStub: SystemKind = {
  name: 'sqs-stub',
  title: 'A leasing queue',
  versions: ['1'],
  options,
  producerOptions: {},
  consumerOptions: {},
  facts: [],
  omissions: ['Nearly everything: it is a double for tests.'],
  claims: () => [],
  problems: (settings, uses) =>
    uses
      .filter(({ address }) => !Object.hasOwn(valuesOf(options, settings).queues, address))
      .map((use) => ({
        use,
        path: ['address'],
        message: `there is no queue ${use.address}`,
        suggestion: `one of ${Object.keys(valuesOf(options, settings).queues).join(', ')}`,
      })),
  build: (setup) => new LeasingSystem(setup),
}
