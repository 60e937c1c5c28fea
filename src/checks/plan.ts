/**
 * What a scenario intends, as plain data: without it nobody could say what is missing from a history.
 * Every name is the text that the facts carry.
 */
export interface Plan {
  readonly services: readonly PlannedService[]
  /** Channel → the services that declared an interest in it, whatever the timing of their subscription. */
  readonly routes: Readonly<Record<string, readonly string[]>>
  readonly endToEnd: readonly EndToEnd[]
  /** Place → the services for which a copy resting there is parked (a dead-letter queue): not handled, and not lost. */
  readonly parked: Readonly<Record<string, readonly string[]>>
  /** Of whom somebody wants to know guarantees that few designs promise; `undefined` for all of everybody. */
  readonly asked?: readonly AskedFor[]
}

/** A guarantee that is judged because somebody asks for it, at one level or at all (`undefined`). */
export interface AskedFor {
  readonly service: string
  readonly guarantee: string
  readonly level?: Level | undefined
}

/** A service to be judged as a receiver. A service that only sends need not be listed. */
export interface PlannedService {
  readonly name: string
  /** `false` when its handlers leave no effects in a store: it is judged at the delivery level only. */
  readonly effects: boolean
  /** The channels whose messages leave effects; `undefined` for all that it gets. */
  readonly effectsOf?: readonly string[]
  /** Whether each of its effects says what the state of its key is to be, or what is to be added to it; `undefined` when nobody knows. */
  readonly writes?: 'delta' | 'state'
  /**
   * By operation the effects that it is known to owe, where that is known: none for one that is rightly ignored, several for one of which a part
   * alone is a loss. An operation that is not named owes any effect.
   */
  readonly owes?: Readonly<Record<string, readonly string[]>>
}

/** What `from` sends is meant to arrive at `to`, by whatever number of hops. */
export interface EndToEnd {
  readonly from: string
  readonly to: string
  /** The channels of `from` whose messages are meant for `to`; `undefined` for all that it sends. */
  readonly channels?: readonly string[]
  /** Every channel on the way, those of `from` among them: a message of another one that is parked explains nothing. `undefined` for all. */
  readonly way?: readonly string[]
}

/** `delivery`: what the consumer was handed. `effect`: what the store saw. `run`: the run as a whole. */
export type Level = 'delivery' | 'effect' | 'run'

/** The name of the rows that judge the run as a whole. */
export const wholeRun = 'run'

/** How the pair of an end-to-end row is written. */
export function pairText(from: string, to: string): string {
  return `${from}→${to}`
}

/** Whether somebody asks for a guarantee: at a level where one is given, of a service where one is given. */
export function isAskedFor({ asked }: Plan, row: Partial<AskedFor> & { readonly guarantee: string }): boolean {
  if (asked === undefined) return true
  return asked.some(
    ({ service, guarantee, level }) =>
      guarantee === row.guarantee &&
      (row.service === undefined || service === row.service) &&
      (row.level === undefined || level === undefined || level === row.level),
  )
}
