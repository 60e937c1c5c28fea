import type { FactKind, FactRule, Name } from '../history/fact.ts'
import type { Micros } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { World } from '../simulation/world.ts'
import type { ConfigurationFile } from './configuration-file.ts'
import type { OptionTable, Settings } from './option.ts'
import type { SmallestSystem } from './smallest-system.ts'

/*
 * The contract of a product. It serves logs (fetch, position, commit), pushing queues (deliver, acknowledge, requeue) and leasing queues
 * (receive, extend, delete) alike: a program sees deliveries and says what became of them.
 *
 * Two rules hold for all of it. A callback runs in a step of the process and never inside the call that it was given to. Addresses, sources
 * and places are written without the system's name (`orders`) here, and with it (`events/orders`) in facts.
 */

/** A message as it travels. Products look at it and pass it on; they never change it. */
export interface Envelope {
  /** Which message: the number of its name in the history. A copy that the producer sends again under a new id is another message. */
  readonly message: Name
  /** What "the same thing twice" means. */
  readonly operation: Name
  /** Orders and partitions; empty for none. */
  readonly key: string
  readonly sequence: number
  readonly version: number
  /** Bytes. */
  readonly size: number
  /** What kind of message it is; handlers may not know it. */
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/**
 * What a producer is told in the end. `confirmed`: the system has it. `assumed`: nobody was asked. `rejected`: the system does not have it.
 * `unknown`: it may or may not.
 */
export interface SendAnswer {
  readonly outcome: 'confirmed' | 'assumed' | 'rejected' | 'unknown'
  /** In the product's own words; empty when there is nothing to say. */
  readonly reason: string
}

/** The sending half of a product's client, inside a process. It dies with the process. */
export interface Producer {
  /** Takes a message; `answered` is called exactly once, as a step of the process, if it lives. */
  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void
  /** Sends what it still holds, then closes; what is not answered by then is answered first. */
  close(done: () => void): void
}

/** A message handed to a consumer. */
export interface Delivery {
  readonly envelope: Envelope
  /** Where it came from inside the source: a partition, a shard, a queue. */
  readonly partition: string
  /** Its place there, or -1 where the product has none. */
  readonly position: number
  /** What the product says about earlier deliveries: some mark them, some do not. */
  readonly redelivered: boolean
}

/** Whether the product took an acknowledgement: `refused` says that the consumer no longer owns the delivery. */
export type AcknowledgeOutcome = 'acknowledged' | 'refused' | 'unknown'

/** The receiving half of a product's client, inside a process. It dies with the process. */
export interface Consumer {
  /** Answers with one to `limit` deliveries as soon as there are any, or with none when closed. At most one call may wait. */
  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void
  /** Says that these are done with, in the product's way: a deletion, an acknowledgement, a commit of the position behind them. */
  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void
  /** Gives a delivery back: to be delivered `again`, or to be `discarded` in the product's way. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void
  /** Asks to keep a delivery for `duration` µs more, where deliveries are leased; elsewhere answers `acknowledged` at once. */
  extend(delivery: Delivery, duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void
  /** Stops receiving in the product's orderly way; what is not answered by then is answered first. */
  close(done: () => void): void
}

/** How a service uses a system, as the scenario wires it. */
export interface Use {
  readonly service: string
  readonly members: number
  readonly role: 'producer' | 'consumer'
  /** The part of the address behind the system's name: a queue, a topic, an exchange with a routing key. */
  readonly address: string
  readonly group: string
  readonly settings: Settings
}

export interface SystemSetup {
  readonly world: World
  /** The name of the system in the scenario; names of its nodes begin with it. */
  readonly name: string
  readonly version: string
  readonly settings: Settings
  readonly uses: readonly Use[]
  /** Numbers the next copy of a message: copies are numbered over all systems of a run. */
  readonly nextCopy: () => number
}

/** A place that takes what other sources give up. */
export interface ParkingPlace {
  readonly place: string
  /** The sources whose messages come to rest here: only who receives from one of these has them parked. */
  readonly of: readonly string[]
}

/** A system of a running world. Its nodes are in the world already. */
export interface System {
  readonly name: string
  /** The sources that get what is sent to `address`, whether or not anybody listens there yet. */
  sourcesOf(address: string): readonly string[]
  /** The address that a scenario knows in place of one that the product made up for a requester, where it does that. */
  standsFor?(address: string): string
  producer(process: Process, use: Use): Producer
  consumer(process: Process, use: Use): Consumer
  /** Where a message counts as parked, neither lost nor handled: dead-letter queues. */
  readonly parkingPlaces: readonly ParkingPlace[]
  /** What is not final yet, for people: messages that are queued or being handled. Nothing when all is final. */
  waitingFor(): string | undefined
  /** The longest of its time-outs after which something may still move, µs. */
  readonly patience: Micros
  /** Records a `copy-remained` fact for each copy that is still in the system; called once, when the run has ended. */
  takeInventory(): void
}

/** What the vendor promises for a configuration, under which faults, and where. */
export interface Claim {
  readonly guarantee: string
  readonly level: 'delivery' | 'effect'
  readonly holds: boolean
  /** Kinds of faults under which the promise is made. */
  readonly under: readonly string[]
  readonly statement: string
  readonly page: string
}

/** Why a fact that all products have comes about in one of them: the rule for facts of this kind that have these texts among their values. */
export interface NeutralRule {
  readonly fact: string
  readonly values: Readonly<Record<string, string>>
  readonly rule: FactRule
}

/** A configuration that contradicts itself. */
export interface SettingProblem {
  /** Whose settings are wrong; without it, those of the system. */
  readonly use?: Use
  /** Where, below the settings of the system or of the use; `['address']` for the address of a use. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly suggestion?: string
}

/** Whose options: those of the system, of who sends to it, or of who receives from it. */
export type OptionPart = 'system' | 'producer' | 'consumer'

/** A product: what can be said of it without running it, and how to build one. */
export interface SystemKind {
  /** The word in a scenario. */
  readonly name: string
  readonly title: string
  /** Versions that behave differently, the default last. */
  readonly versions: readonly string[]
  readonly options: OptionTable
  readonly producerOptions: OptionTable
  readonly consumerOptions: OptionTable
  /** The configuration files that may stand in place of options of the system, of a producer or of a consumer. */
  readonly files?: Readonly<Partial<Record<OptionPart, ConfigurationFile>>>
  /** Why an option that the real product has means nothing in the model; nothing for every other name. */
  reasonWithoutMeaning?(part: OptionPart, option: string): string | undefined
  /** The smallest system of its kind that gives up a silent consumer after about so many µs; for those who try services on it. */
  smallest?(redeliveredAfter: Micros): SmallestSystem
  /** Facts of its own, besides the neutral ones. */
  readonly facts: readonly FactKind[]
  /** Why facts that all products have come about here; the first that fits counts. */
  readonly rules?: readonly NeutralRule[]
  /** What the model leaves out of the product, a sentence each. */
  readonly omissions: readonly string[]
  claims(settings: Settings, use: Use): readonly Claim[]
  /** What is wrong with a configuration and its uses in this version: addresses that do not exist, options that exclude each other. */
  problems(settings: Settings, uses: readonly Use[], version: string): readonly SettingProblem[]
  /** Adds its nodes, groups and roles to the world; the nodes start with it. */
  build(setup: SystemSetup): System
}
