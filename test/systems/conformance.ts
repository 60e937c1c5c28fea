import { expect } from 'vitest'
import { neutralFacts } from '../../src/history/facts.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import { hour, millisecond, second } from '../../src/simulation/duration.ts'
import { faultKindOf } from '../../src/simulation/faults/registry.ts'
import type { OptionSpec, OptionTable } from '../../src/systems/option.ts'
import type { AcknowledgeOutcome, SystemKind } from '../../src/systems/system.ts'
import type { Client, Handle, SenderOptions, WorkerOptions, Written } from './bench.ts'
import { acknowledge, Bench, keep, rejectAgain, Sender, settingsFrom, Worker } from './bench.ts'

/*
 * What every product must do, whatever its kind. A rule runs a small world and expects something of it; a product that breaks a rule on
 * purpose says why in `exceptions`.
 */

/** A product with a configuration, to be held against the rules. */
export interface Subject {
  readonly title: string
  readonly kind: SystemKind
  /** Options under which `address` is there; more than one consumer may use it. */
  readonly options: Written
  readonly address: string
  readonly producerOptions?: Written
  readonly consumerOptions?: Written
  /** µs after which what a dead consumer had taken has come again, restarts included. */
  readonly redeliversWithin: Micros
  /** Events that one parked consumer may cost in an hour without a message. */
  readonly eventsPerIdleHour: number
  /** Rules that it does not keep, and why not. */
  readonly exceptions: Readonly<Record<string, string>>
}

export interface Rule {
  readonly title: string
  check(subject: Subject): void
}

/** When the senders begin: by then every product's consumers are there. */
const begin = 5 * second

/** Long enough for any product to get over a restart of its nodes. */
const recovery = 60 * second

const sender = ({ kind, address, producerOptions = {} }: Subject, options: Partial<SenderOptions> = {}): Sender =>
  new Sender(kind, {
    to: address,
    messages: 30,
    every: 10 * millisecond,
    after: begin,
    options: producerOptions,
    ...options,
  })

const worker = ({ kind, address, consumerOptions = {} }: Subject, options: Partial<WorkerOptions> = {}): Worker =>
  new Worker(kind, { from: address, options: consumerOptions, ...options })

function benchOf({ kind, options }: Subject, until: Micros, clients: readonly Client[], seed = 'conformance'): Bench {
  return new Bench({ kind, options, until, clients, seed })
}

/** Every node of the system crashes, and is back after `duration`. */
function crashSystem(bench: Bench, time: Micros, duration: Micros): Bench {
  for (const node of systemNodes(bench)) bench.crash(node, time, duration)
  return bench
}

function systemNodes(bench: Bench): readonly string[] {
  return bench.world.nodes.map((node) => node.name).filter((name) => name.startsWith('events'))
}

/** Keeps what its first incarnation gets, acknowledges the rest. */
const keepAtFirst: Handle = (context) => (context.received.incarnation === 1 ? keep : acknowledge)(context)

export const rules: readonly Rule[] = [
  {
    title: 'delivers what it confirmed to every source of the address, and nothing else',
    check: (subject) => {
      const { system } = benchOf(subject, 0, [])
      const sources = system.sourcesOf(subject.address)
      expect(sources).not.toEqual([])
      const shop = sender(subject)
      const workers = sources.map((source, index) => worker(subject, { from: source, nodeName: `worker-${index}` }))
      benchOf(subject, begin + 10 * second, [shop, ...workers]).run()
      expect(shop.outcomes().every((outcome) => outcome === 'confirmed')).toBe(true)
      for (const { received } of workers) {
        expect(new Set(received.map(({ message }) => message))).toEqual(new Set(shop.sent))
      }
    },
  },
  {
    title: 'does not deliver again what was acknowledged when nothing fails',
    check: (subject) => {
      const [shop, billing] = [sender(subject), worker(subject)]
      benchOf(subject, begin + recovery, [shop, billing]).run()
      expect(billing.settled.every((outcome) => outcome === 'acknowledged')).toBe(true)
      expect(billing.messages()).toHaveLength(shop.sent.length)
    },
  },
  {
    title: 'does not deliver again what was acknowledged before the consumer started anew',
    check: (subject) => {
      const [shop, billing] = [sender(subject), worker(subject)]
      benchOf(subject, begin + recovery, [shop, billing])
        .crash('billing', begin + 10 * second)
        .run()
      expect(billing.messages()).toHaveLength(shop.sent.length)
    },
  },
  {
    title: 'delivers again what a dead consumer had not acknowledged',
    check: (subject) => {
      const [shop, billing] = [sender(subject, { messages: 5 }), worker(subject, { handle: keepAtFirst })]
      const crash = begin + 2 * second
      benchOf(subject, crash + subject.redeliversWithin, [shop, billing])
        .crash('billing', crash)
        .run()
      const again = billing.received.filter(({ incarnation }) => incarnation > 1)
      expect(billing.received.length).toBeGreaterThan(again.length)
      expect(new Set(again.map(({ message }) => message))).toEqual(new Set(shop.sent))
    },
  },
  {
    title: 'delivers again what was rejected for that',
    check: (subject) => {
      const handle: Handle = (context) => (context.received.attempt === 1 ? rejectAgain : acknowledge)(context)
      const [shop, billing] = [sender(subject, { messages: 5 }), worker(subject, { handle })]
      benchOf(subject, begin + 10 * second, [shop, billing]).run()
      for (const message of shop.sent) {
        expect(billing.messages().filter((other) => other === message).length).toBeGreaterThanOrEqual(2)
      }
    },
  },
  {
    title: 'lets a consumer keep a delivery for longer',
    check: (subject) => {
      const handle: Handle = (context) =>
        context.consumer.extend(context.delivery, 20 * second, (outcome) => {
          expect(outcome).toBe('acknowledged')
          context.process.setTimer(15 * second, () => acknowledge(context))
        })
      const billing = worker(subject, { handle })
      benchOf(subject, begin + recovery, [sender(subject, { messages: 1 }), billing]).run()
      expect(billing.settled[0]).toBe('acknowledged')
    },
  },
  {
    title: 'answers every send exactly once, whatever happens to its nodes',
    check: (subject) => {
      const shop = sender(subject, { messages: 100, every: 20 * millisecond })
      crashSystem(
        benchOf(subject, begin + 2 * recovery, [shop, worker(subject)]),
        begin + second,
        500 * millisecond,
      ).run()
      expect(shop.answers.map(({ message }) => message).sort()).toEqual([...shop.sent].sort())
    },
  },
  {
    title: 'says nothing to a process that is dead',
    check: (subject) => {
      const [shop, billing] = [sender(subject, { messages: 50, every: 100 }), worker(subject, { handle: keep })]
      const crash = begin + 2 * millisecond
      benchOf(subject, begin + recovery, [shop, billing])
        .crash('shop', crash)
        .crash('billing', crash)
        .run()
      const late = [...shop.answers, ...billing.received].filter(({ time }) => time > crash)
      expect(late).not.toEqual([])
      expect(late.filter(({ incarnation }) => incarnation === 1)).toEqual([])
      expect(shop.sent).toHaveLength(50)
    },
  },
  {
    title: 'calls nobody back inside of the call',
    check: (subject) => {
      const { handle, inside } = watchingCalls()
      const shop = sender(subject, { messages: 6, close: true })
      const billing = worker(subject, { handle, closeAt: begin + 5 * second })
      benchOf(subject, begin + 10 * second, [shop, billing]).run()
      expect(inside).toEqual([])
      expect([shop.closed, billing.closed]).toEqual([1, 1])
      expect(billing.settled.length).toBeGreaterThanOrEqual(6)
    },
  },
  {
    title: 'goes on with the same clients when its nodes are back',
    check: (subject) => {
      const before = sender(subject, { messages: 10 })
      const after = sender(subject, { messages: 20, after: begin + recovery, nodeName: 'late-shop' })
      const billing = worker(subject)
      crashSystem(
        benchOf(subject, begin + 2 * recovery, [before, after, billing]),
        begin + second,
        500 * millisecond,
      ).run()
      expect(new Set(after.confirmed())).toEqual(new Set(after.sent))
      const late = billing.received.filter(({ time }) => time >= begin + recovery)
      expect(new Set(late.map(({ message }) => message))).toEqual(new Set(after.sent))
      expect(new Set(billing.received.map(({ incarnation }) => incarnation))).toEqual(new Set([1]))
    },
  },
  {
    title: 'answers what is open before it is closed',
    check: (subject) => {
      const shop = sender(subject, { messages: 5, every: 0, close: true })
      const billing = worker(subject, { closeAt: begin + 8 * second })
      benchOf(subject, begin + 10 * second, [shop, billing]).run()
      expect([shop.closed, shop.answers.length]).toEqual([1, 5])
      expect([billing.closed, billing.emptyReceives]).toEqual([1, 1])
      expect(new Set(billing.messages())).toEqual(new Set(shop.sent))
    },
  },
  {
    title: 'takes what is sent when it is closed, or says that it does not',
    check: (subject) => {
      const shop = sender(subject, { messages: 3, every: 100, close: true, afterClosing: 20 })
      const billing = worker(subject)
      benchOf(subject, begin + recovery, [shop, billing]).run()
      const having = (...outcomes: readonly string[]): readonly string[] =>
        shop.answers.filter(({ outcome }) => outcomes.includes(outcome)).map(({ message }) => message)
      expect(shop.answers).toHaveLength(23)
      expect(billing.messages()).toEqual(expect.arrayContaining([...having('confirmed', 'assumed')]))
      expect(having('rejected').filter((message) => billing.messages().includes(message))).toEqual([])
    },
  },
  {
    title: 'waits for nothing when all is done',
    check: (subject) => {
      const run = benchOf(subject, begin + second, [sender(subject), worker(subject)]).run()
      expect(run.ending).toEqual({ ending: 'settled', waitingFor: '' })
      expect(run.system.waitingFor()).toBeUndefined()
    },
  },
  {
    title: 'says what it waits for while a consumer has not settled what it has',
    check: (subject) => {
      const run = benchOf(subject, begin + second, [
        sender(subject, { messages: 1 }),
        worker(subject, { handle: keep }),
      ])
      const waitingFor: (string | undefined)[] = []
      run.at(begin + second, () => waitingFor.push(run.system.waitingFor())).run()
      expect(waitingFor).toEqual([expect.stringMatching(/\w+ \w+/)])
    },
  },
  {
    title: 'gives every copy exactly one fate, at a place of its own',
    check: (subject) => {
      const handle: Handle = (context) => (context.received.message === 'order-59' ? keep : keepAtFirst)(context)
      const clients = [sender(subject, { messages: 60 }), worker(subject, { handle })]
      const run = crashSystem(benchOf(subject, begin + recovery, clients), begin + 400 * millisecond, 500 * millisecond)
      run.crash('billing', begin + 300 * millisecond).run()
      const stored = run.facts('copy-stored')
      expect(stored).not.toEqual([])
      const fates = [...run.facts('copy-ended'), ...run.facts('copy-remained')].map(({ copy }) => Number(copy))
      expect(fates.sort((a, b) => a - b)).toEqual(stored.map(({ copy }) => Number(copy)).sort((a, b) => a - b))
      for (const { place } of stored) expect(run.text(place)).toMatch(/^events\//)
    },
  },
  {
    title: 'does the same under the same seed',
    check: (subject) => {
      const fingerprint = (seed: string): string => {
        const run = benchOf(
          subject,
          begin + 10 * second,
          [sender(subject), worker(subject, { handle: keepAtFirst })],
          seed,
        )
        return crashSystem(run, 200 * millisecond, second)
          .crash('billing', 100 * millisecond)
          .run().fingerprint
      }
      expect(fingerprint('one')).toBe(fingerprint('one'))
      expect(fingerprint('one')).not.toBe(fingerprint('other'))
    },
  },
  {
    title: 'costs little while nobody sends anything',
    check: (subject) => {
      const cost = (until: Micros): number => ownEvents(benchOf(subject, until, [worker(subject)]))
      const perHour = (cost(12 * hour) - cost(2 * hour)) / 10
      expect(perHour).toBeLessThanOrEqual(subject.eventsPerIdleHour)
    },
  },
  {
    title: 'has nodes of its own that can be struck as one group',
    check: (subject) => {
      const { world } = benchOf(subject, 0, [])
      const group = world.targets.resolve('events', world.random.fork('test'))
      expect(group).not.toEqual([])
      expect(world.nodes).toEqual(group)
      for (const node of world.nodes) expect(node.name).toMatch(/^events/)
    },
  },
  {
    title: 'finds no fault with a sound configuration, and names an address that is not there',
    check: ({ kind, options, address }) => {
      const version = kind.versions.at(-1) ?? ''
      const settings = settingsFrom(kind.options, options)
      const good = new Sender(kind, { to: address, messages: 1 }).use
      const bad = new Worker(kind, { from: `${address}-that-is-not-there` }).use
      expect(kind.problems(settings, [good], version)).toEqual([])
      const [problem, ...others] = kind.problems(settings, [good, bad], version)
      expect(others).toEqual([])
      expect(problem).toMatchObject({ use: bad, path: ['address'] })
      expect(problem?.message).toContain(bad.address)
      expect(problem?.suggestion).toContain(address)
    },
  },
  {
    title: 'says of each option what it is, and has a default inside its bounds',
    check: ({ kind }) => {
      for (const table of [kind.options, kind.producerOptions, kind.consumerOptions]) expectSoundTable(table)
    },
  },
  {
    title: 'says what it leaves out, and claims only under faults that there are',
    check: (subject) => {
      const { kind, options } = subject
      expect(kind.omissions).not.toEqual([])
      const settings = settingsFrom(kind.options, options)
      for (const { use } of [sender(subject), worker(subject)]) {
        for (const { statement, under } of kind.claims(settings, use)) {
          expect(statement).toMatch(/^[A-Z].*\.$/)
          expect(under.filter((fault) => faultKindOf(fault) === undefined)).toEqual([])
        }
      }
    },
  },
  {
    title: 'records only facts that it declares, in phrases of their own fields',
    check: (subject) => {
      const { kind } = subject
      const run = benchOf(subject, begin + second, [sender(subject), worker(subject)]).run()
      const declared = new Set([...neutralFacts, ...kind.facts].map(({ name }) => name))
      expect(run.world.history.kinds.filter(({ name }) => !declared.has(name))).toEqual([])
      for (const { fields, phrase, name } of kind.facts) {
        const placeholders = [...phrase.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '')
        expect(placeholders.filter((field) => field !== 'node' && !Object.hasOwn(fields, field))).toEqual([])
        expect(neutralFacts.map((fact) => fact.name as string)).not.toContain(name)
      }
    },
  },
]

/** Tries each way to settle, in turn, and notes those that called back before they returned. */
function watchingCalls(): { readonly handle: Handle; readonly inside: readonly string[] } {
  const inside: string[] = []
  const watched =
    (name: string, settled: (outcome: AcknowledgeOutcome) => void) =>
    (call: (done: (outcome: AcknowledgeOutcome) => void) => void): void => {
      let returned = false
      call((outcome) => {
        if (!returned) inside.push(name)
        settled(outcome)
      })
      returned = true
    }
  const handle: Handle = ({ delivery, received, consumer, settled }) => {
    if (received.attempt > 1) watched('acknowledge', settled)((done) => consumer.acknowledge([delivery], done))
    else if (received.message === 'order-1')
      watched('again', settled)((done) => consumer.reject(delivery, 'again', done))
    else if (received.message === 'order-2')
      watched('discard', settled)((done) => consumer.reject(delivery, 'discard', done))
    else {
      const then = (): void => watched('acknowledge', settled)((done) => consumer.acknowledge([delivery], done))
      watched('extend', then)((done) => consumer.extend(delivery, second, done))
    }
  }
  return { handle, inside }
}

/** Events of a run besides those of the bench and of settling. */
function ownEvents(bench: Bench): number {
  let events = 0
  bench.world.engine.observe(({ target }) => {
    if (target.number >= 0) events++
  })
  bench.run()
  return events
}

function expectSoundTable(table: OptionTable): void {
  for (const spec of Object.values(table)) {
    expect(spec.summary).toMatch(/^\S.*\.$/)
    if (spec.type === 'map' || spec.type === 'group') expectSoundTable(spec.of)
    else expectSoundDefault(spec)
  }
}

function expectSoundDefault(spec: Exclude<OptionSpec, { readonly type: 'map' | 'group' }>): void {
  if (spec.type === 'choice') expect(spec.choices).toContain(spec.fallback)
  if (typeof spec.fallback !== 'number' || !('minimum' in spec || 'maximum' in spec)) return
  expect(spec.fallback).toBeGreaterThanOrEqual(spec.minimum ?? -Infinity)
  expect(spec.fallback).toBeLessThanOrEqual(spec.maximum ?? Infinity)
}
