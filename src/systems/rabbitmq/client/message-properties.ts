import type { Envelope } from '../../system.ts'
import { replyQueue } from '../core/direct-reply.ts'
import type { FieldTable } from '../core/field-table.ts'
import type { Content, Properties } from '../core/message.ts'
import { fieldTableOf } from '../options/field-pairs.ts'
import type { ProducerValues } from './client-settings.ts'

const microsPerMilli = 1000

/** What a producer says of all its messages. Headers of the envelope are added to those of the settings. */
export class MessageProperties {
  readonly #properties: Properties
  readonly #headers: FieldTable

  constructor(values: ProducerValues) {
    const { priority, expiration } = values
    this.#properties = {
      deliveryMode: values.delivery_mode === '2' ? 2 : 1,
      ...(priority === null ? {} : { priority }),
      ...(expiration === null ? {} : { expiration: String(Math.ceil(expiration / microsPerMilli)) }),
    }
    this.#headers = {
      ...fieldTableOf(values.headers),
      ...(values.CC.length === 0 ? {} : { CC: values.CC }),
      ...(values.BCC.length === 0 ? {} : { BCC: values.BCC }),
    }
  }

  /** `own` are headers of this one message. */
  contentOf(id: number, { size, headers }: Envelope, own: FieldTable): Content {
    const { 'reply-to': replyTo, ...others } = headers
    if (replyTo === replyQueue) return { id, bytes: size, properties: this.#with({ ...others, ...own }, { replyTo }) }
    return { id, bytes: size, properties: this.#with({ ...headers, ...own }) }
  }

  #with(headers: FieldTable, own: Properties = {}): Properties {
    const all = { ...this.#headers, ...headers }
    return Object.keys(all).length === 0
      ? { ...this.#properties, ...own }
      : { ...this.#properties, ...own, headers: all }
  }
}
