/*
 * Real configuration goes into a scenario as it is: a product says which of its files it reads, and what a file comes to.
 */

/** A configuration file of a product, which a scenario names instead of copying it. */
export interface ConfigurationFile {
  /** The key of a scenario that names the file, beside the options: `properties`. */
  readonly key: string
  /** What the file is, in one sentence. */
  readonly summary: string
  /** Reads the text of a file; everything that is wrong with it is in the result. */
  read(text: string): FileReading
}

/** What a configuration file comes to. Values of credentials are in none of it. */
export interface FileReading {
  /** As they would stand in the scenario. */
  readonly options: readonly ReadOption[]
  /** Real entries that mean nothing in the model, each with its reason. */
  readonly withoutMeaning: readonly { readonly name: string; readonly reason: string }[]
  /** What the file refers to and does not contain, a sentence each. */
  readonly missing: readonly string[]
  /** Names of credentials that were left out. */
  readonly credentials: readonly string[]
  readonly problems: readonly { readonly message: string; readonly line?: number | undefined }[]
}

/** An option that a file sets. */
export interface ReadOption {
  readonly path: readonly string[]
  /** Plain data, as YAML would give it. */
  readonly value: unknown
  /** Line of the file, from 1. */
  readonly line?: number | undefined
}

/** What nothing was read from. */
export const emptyReading: FileReading = { options: [], withoutMeaning: [], missing: [], credentials: [], problems: [] }
