import type { Deaths } from './death.ts'
import { readDeaths, writeDeaths } from './death.ts'
import type { FieldTable } from './field-table.ts'
import { emptyTable, textsOf, without } from './field-table.ts'
import type { Profile } from './profile.ts'

/** The properties of `basic.publish`. The broker looks at the first four; the rest is the clients' affair. */
export interface Properties {
  /** 2 is persistent; everything else is transient. */
  readonly deliveryMode?: 1 | 2
  /** 0 to 255; without one the message has the lowest. */
  readonly priority?: number
  /** Milliseconds, as a text. */
  readonly expiration?: string
  readonly headers?: FieldTable
  readonly messageId?: string
  readonly correlationId?: string
  readonly replyTo?: string
  readonly type?: string
  readonly appId?: string
  readonly contentType?: string
  readonly contentEncoding?: string
  /** Seconds. */
  readonly timestamp?: number
}

/** One message on its way through the broker; the copies in several queues share it. It never changes: a dead letter is a new one. */
export interface Message {
  /** What the message is to whoever uses the core: the number of a message of the simulation. The core only carries it. */
  readonly id: number
  /** Size of the body, which is what `max-length-bytes` counts. */
  readonly bytes: number
  /** The exchange that it was last published to: a dead letter's is the dead-letter exchange. */
  readonly exchange: string
  /** The routing key, and after it the keys of the headers `CC` and `BCC`. */
  readonly routingKeys: readonly string[]
  /** How many of them, the last ones, are from `BCC`: nobody is told of those. */
  readonly blindKeys: number
  /** As published, without `BCC`. */
  readonly properties: Properties
  readonly persistent: boolean
  /** µs that it may wait in each queue; Infinity without an expiration. */
  readonly timeToLive: number
  readonly deaths: Deaths | undefined
}

/** The content of `basic.publish`. */
export interface Content {
  readonly id: number
  readonly bytes: number
  readonly properties: Properties
}

/** The message that a publish makes, or what is wrong with it. */
export function makeMessage(
  exchange: string,
  routingKey: string,
  content: Content,
  profile: Profile,
): Message | string {
  const { properties } = content
  const timeToLive = properties.expiration === undefined ? Infinity : expirationMicros(properties.expiration)
  if (timeToLive === undefined) return `invalid expiration '${properties.expiration ?? ''}'`
  const headers = properties.headers ?? emptyTable
  const blindKeys = 'BCC' in headers ? textsOf(headers['BCC']) : noKeys
  return {
    id: content.id,
    bytes: content.bytes,
    exchange,
    routingKeys:
      'CC' in headers || 'BCC' in headers ? [routingKey, ...textsOf(headers['CC']), ...blindKeys] : [routingKey],
    blindKeys: blindKeys.length,
    properties: 'BCC' in headers ? { ...properties, headers: without(headers, 'BCC') } : properties,
    persistent: properties.deliveryMode === 2,
    timeToLive,
    deaths: profile.clientDeaths === 'interpreted' ? readDeaths(headers) : undefined,
  }
}

/** What is wrong with the headers that carry further routing keys, or nothing. */
export function copiesFault(headers: FieldTable | undefined): string | undefined {
  if (headers === undefined) return undefined
  const wrong = ['CC', 'BCC'].find((name) => name in headers && !Array.isArray(headers[name]))
  return wrong === undefined ? undefined : `invalid message: ${wrong} header must be an array`
}

/** The headers that a consumer finds in the message: those published, and what the broker added when it died. */
export function headersOf(message: Message): FieldTable {
  const headers = message.properties.headers ?? emptyTable
  return message.deaths === undefined ? headers : { ...headers, ...writeDeaths(message.deaths) }
}

const noKeys: readonly string[] = []
const microsPerMilli = 1000
/** Ten years in milliseconds: the server takes nothing longer. */
export const longestLife = 315_360_000_000

function expirationMicros(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const millis = Number(text)
  return millis >= 0 && millis <= longestLife ? millis * microsPerMilli : undefined
}
