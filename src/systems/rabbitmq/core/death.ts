import type { FieldTable, FieldValue } from './field-table.ts'
import { isArray, isTable, isTyped, textsOf, without } from './field-table.ts'
import type { Message } from './message.ts'
import type { Profile } from './profile.ts'

/** Why a queue gave a message up. */
export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit'

/** One line of `x-death`: all the deaths in one queue for one reason. */
export interface Death {
  readonly queue: string
  readonly reason: string
  readonly count: number
  /** Seconds of the first of them. */
  readonly time: number
  readonly exchange: string
  readonly routingKeys: readonly string[]
  /** The expiration that the message had then; a dead letter has none any more. */
  readonly originalExpiration: string | undefined
}

/** What a message remembers of its deaths. */
export interface Deaths {
  /** The latest first. */
  readonly records: readonly Death[]
  /** Undefined where the headers that tell it came from a client. */
  readonly first: Epitaph | undefined
  /** Undefined in the versions that do not tell it. */
  readonly last: Epitaph | undefined
}

interface Epitaph {
  readonly reason: string
  readonly queue: string
  readonly exchange: string
}

/**
 * The dead letter that a message becomes when `queue` gives it up at `now` µs: published to `exchange` under `routingKey`, or under its own
 * keys, without its expiration and with one death more on record.
 */
export function deadLetter(
  message: Message,
  queue: string,
  reason: DeathReason,
  exchange: string,
  routingKey: string | undefined,
  now: number,
  profile: Profile,
): Message {
  const { expiration: _spent, ...properties } = message.properties
  const dropCopies = routingKey !== undefined && profile.copiesHeader === 'removed' && properties.headers !== undefined
  return {
    ...message,
    exchange,
    routingKeys: routingKey === undefined ? message.routingKeys : [routingKey],
    blindKeys: routingKey === undefined ? message.blindKeys : 0,
    properties: dropCopies ? { ...properties, headers: without(properties.headers ?? {}, 'CC') } : properties,
    timeToLive: Infinity,
    deaths: withDeath(message, queue, reason, now, profile),
  }
}

/**
 * Whether a dead letter would come back to `queue` without anybody having rejected it since it was last there: such a message is dropped,
 * because it would go round for ever.
 */
export function isCycle(deaths: Deaths, queue: string): boolean {
  const last = deaths.records.findIndex((death) => death.queue === queue)
  return last >= 0 && deaths.records.slice(0, last + 1).every((death) => death.reason !== 'rejected')
}

/** What the broker adds to the headers of a message that died. */
export function writeDeaths(deaths: Deaths): FieldTable {
  const headers: Record<string, FieldValue> = { 'x-death': deaths.records.map(deathTable) }
  if (deaths.first !== undefined) writeEpitaph(headers, 'first', deaths.first)
  if (deaths.last !== undefined) writeEpitaph(headers, 'last', deaths.last)
  return headers
}

/** The deaths in headers that a client published, as the 3.x servers read them. */
export function readDeaths(headers: FieldTable): Deaths | undefined {
  const list = headers['x-death']
  if (!isArray(list)) return undefined
  return { records: list.filter(isTable).map(readDeath), first: undefined, last: undefined }
}

function withDeath(message: Message, queue: string, reason: DeathReason, now: number, profile: Profile): Deaths {
  const known = message.deaths?.records ?? []
  const same = known.find((death) => death.queue === queue && death.reason === reason)
  const latest = same === undefined ? newDeath(message, queue, reason, now) : { ...same, count: same.count + 1 }
  const epitaph = { reason, queue, exchange: message.exchange }
  return {
    records: [latest, ...known.filter((death) => death !== same)],
    first: message.deaths === undefined ? epitaph : message.deaths.first,
    last: profile.lastDeathHeaders ? epitaph : undefined,
  }
}

const microsPerSecond = 1_000_000

function newDeath(message: Message, queue: string, reason: DeathReason, now: number): Death {
  return {
    queue,
    reason,
    count: 1,
    time: Math.floor(now / microsPerSecond),
    exchange: message.exchange,
    routingKeys: message.routingKeys.slice(0, message.routingKeys.length - message.blindKeys),
    originalExpiration: message.properties.expiration,
  }
}

function deathTable(death: Death): FieldTable {
  const table = {
    count: death.count,
    reason: death.reason,
    queue: death.queue,
    time: { '!': 'timestamp', value: death.time },
    exchange: death.exchange,
    'routing-keys': death.routingKeys,
  }
  return death.originalExpiration === undefined ? table : { ...table, 'original-expiration': death.originalExpiration }
}

function writeEpitaph(headers: Record<string, FieldValue>, which: 'first' | 'last', epitaph: Epitaph): void {
  headers[`x-${which}-death-reason`] = epitaph.reason
  headers[`x-${which}-death-queue`] = epitaph.queue
  headers[`x-${which}-death-exchange`] = epitaph.exchange
}

function readDeath(table: FieldTable): Death {
  const text = (name: string) => (typeof table[name] === 'string' ? table[name] : '')
  const time = table['time']
  return {
    queue: text('queue'),
    reason: text('reason'),
    count: typeof table['count'] === 'number' ? table['count'] : 1,
    time: isTyped(time) && typeof time.value === 'number' ? time.value : 0,
    exchange: text('exchange'),
    routingKeys: textsOf(table['routing-keys']),
    originalExpiration: typeof table['original-expiration'] === 'string' ? table['original-expiration'] : undefined,
  }
}
