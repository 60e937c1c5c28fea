import { described } from '../../../check/described.ts'
import { fieldsOf } from '../fields-of.ts'
import { sqsError } from './sqs-error.ts'

/** The input of a command, read as the service does: what is missing or out of its bounds is refused with the service's error. */
export class Input {
  readonly requestId: string
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: object, requestId: string) {
    this.#values = { ...values }
    this.requestId = requestId
  }

  text(name: string): string {
    const value = this.#values[name]
    if (value === undefined || value === null || value === '')
      throw this.refused('MissingParameter', `The request must contain the parameter ${name}.`)
    if (typeof value === 'string') return value
    throw this.invalid(name, 'Must be a text.')
  }

  optionalText(name: string): string | undefined {
    return this.#isGiven(name) ? this.text(name) : undefined
  }

  /** A whole number from `least` to `most`; nothing where none is given. */
  number(name: string, least: number, most: number): number | undefined {
    if (!this.#isGiven(name)) return undefined
    const value = this.#values[name]
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
    throw this.invalid(name, `Must be a whole number from ${least} to ${most}.`)
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.map(String) : []
  }

  /** Attributes of a message, by their names. */
  map(name: string): Readonly<Record<string, unknown>> {
    return fieldsOf(this.#values[name])
  }

  /** The name of the queue that a URL ends in; the name alone is taken too, as by the service. */
  queue(): string {
    const url = this.text('QueueUrl')
    return url.slice(url.lastIndexOf('/') + 1)
  }

  /** The entries of a batch, one to ten, each with an id of its own. */
  entries(): readonly BatchEntry[] {
    const entries = this.#values['Entries']
    if (!Array.isArray(entries) || entries.length === 0)
      throw this.refused('EmptyBatchRequest', 'There must be at least one entry in the request.')
    if (entries.length > mostEntries)
      throw this.refused(
        'TooManyEntriesInBatchRequest',
        `A request has ${mostEntries} entries at most, and this one ${entries.length}.`,
      )
    const read = entries.map((entry: unknown) => new BatchEntry(fieldsOf(entry), this.requestId))
    const ids = read.map(({ id }) => id)
    const twice = ids.find((id, place) => ids.indexOf(id) < place)
    if (twice !== undefined) throw this.refused('BatchEntryIdsNotDistinct', `The id ${twice} is there more than once.`)
    return read
  }

  refused(code: string, message: string): Error {
    return sqsError({ code, message }, this.requestId)
  }

  invalid(name: string, reason: string): Error {
    const value = described(this.#values[name])
    return this.refused('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`)
  }

  #isGiven(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null
  }
}

/** An entry of a batch. */
export class BatchEntry extends Input {
  readonly id: string

  constructor(values: object, requestId: string) {
    super(values, requestId)
    this.id = this.text('Id')
    if (!/^[\w-]{1,80}$/.test(this.id))
      throw this.refused(
        'InvalidBatchEntryId',
        'The id of an entry has 1 to 80 letters, digits, hyphens and underscores.',
      )
  }
}

const mostEntries = 10
