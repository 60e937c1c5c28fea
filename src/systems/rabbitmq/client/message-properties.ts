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
  readonly #shared: Properties

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
    this.#shared = this.#with({})
  }

  /** `own` are headers of this one message. Messages without any share their properties. */
  contentOf(id: number, { size, headers }: Envelope, own: FieldTable): Content {
    if (isEmpty(headers) && isEmpty(own)) return { id, bytes: size, properties: this.#shared }
    const { 'reply-to': replyTo, ...others } = headers
    const properties =
      replyTo === replyQueue ? this.#with({ ...others, ...own }, { replyTo }) : this.#with({ ...headers, ...own })
    return { id, bytes: size, properties }
  }

  #with(headers: FieldTable, own: Properties = {}): Properties {
    const all = { ...this.#headers, ...headers }
    return { ...this.#properties, ...own, ...(isEmpty(all) ? {} : { headers: all }) }
  }
}

function isEmpty(table: FieldTable): boolean {
  return Object.keys(table).length === 0
}
