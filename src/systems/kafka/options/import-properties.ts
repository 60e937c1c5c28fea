import { nearestOption } from './nearest-option.ts'
import type { OptionTable } from './option.ts'
import { readOptionValue } from './option-value.ts'
import { parseProperties } from './properties.ts'
import { type OptionProblem, reasonWithoutMeaning } from './resolve-options.ts'

/**
 * Takes a client's or server's properties file as it is: says what was read, what means nothing in the model, and what
 * nobody knows. Values of credentials are dropped here and appear in nothing that is returned.
 */
export function importProperties(table: OptionTable, text: string): ImportedProperties {
  const read: Record<string, string> = {}
  const lines: Record<string, number> = {}
  const withoutMeaning: NamedReason[] = []
  const droppedCredentials: string[] = []
  const problems: (OptionProblem & { readonly line: number })[] = []
  for (const { key, value, line } of parseProperties(text)) {
    const option = Object.hasOwn(table.options, key) ? table.options[key] : undefined
    const reason = reasonWithoutMeaning(table, key)
    if (option !== undefined) {
      const outcome = readOptionValue(option, value)
      if (outcome.type === 'value') {
        read[key] = value
        lines[key] = line
      } else problems.push({ option: key, message: outcome.message, line })
    } else if (isCredential(key)) droppedCredentials.push(key)
    else if (reason !== undefined) withoutMeaning.push({ option: key, reason })
    else problems.push({ option: key, message: unknown(table, key), line })
  }
  return { read, lines, withoutMeaning, droppedCredentials, problems }
}

export interface ImportedProperties {
  /** To be resolved over the defaults, as if they stood in the scenario. */
  readonly read: Readonly<Record<string, string>>
  /** Line of each entry that was read, from 1. */
  readonly lines: Readonly<Record<string, number>>
  readonly withoutMeaning: readonly NamedReason[]
  /** Names only. */
  readonly droppedCredentials: readonly string[]
  readonly problems: readonly (OptionProblem & { readonly line: number })[]
}

export interface NamedReason {
  readonly option: string
  readonly reason: string
}

/** Options that hold secrets or say how to get at them. Everything about SASL and TLS counts, by whatever prefix. */
export function isCredential(name: string): boolean {
  return (
    /(^|\.)(sasl|ssl)\./i.test(name) ||
    /secret|password|passphrase|token|credential|jaas|private\.?key|api\.?key/i.test(name)
  )
}

function unknown(table: OptionTable, name: string): string {
  const nearest = nearestOption(table, name)
  return `is not an option of a ${table.kind}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`
}
