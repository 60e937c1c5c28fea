import { CheckError } from '../check-error.ts'

/** Which system the messages come over, and how the clients on both sides are set up; made by `kafka`, `rabbitmq`, `sqs`, `redis`, `kinesis`, `memory` or `scenario`. */
export type CheckedSystem = DescribedSystem | ScenarioFile

/** A system that a check describes itself. */
export interface DescribedSystem {
  readonly from: 'options'
  readonly product: 'kafka' | 'rabbitmq' | 'sqs' | 'redis' | 'kinesis' | 'memory'
  /** Where messages are sent to, and where the consumer receives from: addresses inside the system. */
  readonly sendTo: string
  readonly receiveFrom: string
  readonly group: string | undefined
  /** As a scenario file has it: options of the product under their own names. */
  readonly options: Options
  readonly producer: Options
  readonly consumer: Options
  /** What holds of the consumer where neither the options nor a file that they name say otherwise. */
  readonly consumerUnlessSaid: Options
  /** Since when the consumers are up, so that messages begin to come; a duration as scenario files write it. */
  readonly firstMessageAfter: string
  readonly outputs: OutputPlaces
}

/** Where outputs of the code go, of which the check says nothing: topics, queues, streams. */
export interface OutputPlaces {
  /** The option of the system under which they are declared. */
  readonly declaredAs: string
  /** What a place of this name is; `first` is the first that is declared. */
  place(name: string, first: unknown): unknown
  /** Options of whoever receives there to judge them. */
  readonly reader: Options
}

/** A scenario file, of which one service is the user's. */
export interface ScenarioFile {
  readonly from: 'file'
  readonly file: string
  readonly service: string
  readonly variant: string
}

/** Options under their own names. */
export type Options = Readonly<Record<string, unknown>>

/** Whether something is a map of options. Not everybody has a compiler that saw to it; what is none, whoever reads the options tells. */
export function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What such a function was given; throws a `CheckError` in a sentence where that is no object. */
export function given<T extends object>(name: string, system: T): T {
  if (!isOptions(system)) throw new CheckError('', [`${name}() takes an object of options, or nothing at all`])
  return system
}
