import type { RedisDelivery } from '../../../systems/redis/client/redis-delivery.ts'
import { WrongCheck } from '../../wrong-check.ts'
import { bytesOf } from '../payload.ts'

/** An entry of a stream as XREADGROUP of ioredis gives it: its id, and names and values in turn. */
export type StreamEntry = [id: string, fields: string[]]

/**
 * The fields of the entry: those of a value that is an object; a list of texts is taken for names and values in turn, and anything else for the value of
 * one field, `value`. What is no text travels as JSON. Headers of the fixture are further fields.
 */
export function entryOf({ id, envelope }: RedisDelivery): StreamEntry {
  const fields = [...fieldsOf(envelope.body), ...Object.entries(envelope.headers).flat()]
  if (fields.length === 0) throw new NoFields()
  return [id, fields]
}

/** Redis would not take the entry. */
class NoFields extends WrongCheck {
  override readonly name = 'NoFields'

  constructor() {
    super(
      'An entry of a stream has at least one field, and there is none in one of the messages of the check: give it a `value`',
    )
  }
}

function fieldsOf(body: unknown): readonly string[] {
  if (body === undefined || body === null) return []
  if (Array.isArray(body) && body.length % 2 === 0) return body.map(textOf)
  if (typeof body !== 'object' || Array.isArray(body) || body instanceof Uint8Array) return ['value', textOf(body)]
  return Object.entries(body).flatMap(([name, value]) => [name, textOf(value)])
}

function textOf(value: unknown): string {
  return bytesOf(value)?.toString() ?? ''
}
