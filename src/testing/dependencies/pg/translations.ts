import type { Schema } from '../../../application/stores/database/schema.ts'
import type { SqlStatement, Translation } from '../sql/translate.ts'
import { statementsOf } from '../sql/translate.ts'

/** A statement that is translated once, until the schema changes. */
interface Known {
  readonly statement: SqlStatement
  last: { readonly version: number; readonly translation: Translation } | undefined
}

/** The texts that were executed on one database. */
export class Translations {
  readonly #schema: Schema
  readonly #texts = new Map<string, readonly Known[]>()

  constructor(schema: Schema) {
    this.#schema = schema
  }

  /** The statements of a text: what each is about, and what it means now. */
  of(text: string): readonly { readonly about: SqlStatement['about']; translate(): Translation }[] {
    const known =
      this.#texts.get(text) ?? statementsOf(text).map((statement): Known => ({ statement, last: undefined }))
    this.#texts.set(text, known)
    return known.map((each) => ({ about: each.statement.about, translate: () => this.#translation(each) }))
  }

  #translation(known: Known): Translation {
    const { version } = this.#schema
    if (known.last?.version === version) return known.last.translation
    const translation = known.statement.translate(this.#schema)
    known.last = { version, translation }
    return translation
  }
}
