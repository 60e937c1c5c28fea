import type { OptionTable } from '../systems/option.ts'
import type { Catalogue } from './catalogue.ts'
import type { MapEntry, SourceNode } from './source-tree.ts'

/*
 * Credentials have no meaning in a simulation. Whatever looks like one is dropped before anything else looks at the document, so that it
 * cannot reach a message, a history or a report; only the name of its key is kept, to say that it was there.
 */

/** Keys whose values are dropped whatever they are. Written without `-`, `_`, `.` and in lower case. */
const secretKey =
  /passw(or)?d|passphrase|passwd|^pwd$|secret|token$|^token|credential|apikey|accesskey|privatekey|sharedkey|accountkey|^sasl|^ssl.*key|keystore|truststore|jaas|^auth$|authorization|^bearer|^cookie|setcookie|connectionstring|^dsn$|encryptionkey|signingkey/

/** Texts that hold a credential themselves: a user with a password in an address, keys in the form in which they are handed out. */
const secretValue =
  /:\/\/[^\s/@:]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{8,}\.[\w-]{8,}\.|\b(password|passwd|pwd|secret|accountkey|sharedaccesskey|sharedaccesskeyname|apikey|access_?token|token)=[^\s;&]+|\b(bearer|basic) [\w+/.=-]{16,}/i

/** In a recorded body, also as text that is JSON, a form or a header: `"password": "..."`, `token: ...`. */
const secretInBody =
  /(passw(or)?d|passphrase|pwd|secret|token|credential|api[-_ .]?key|access[-_ .]?key|private[-_ .]?key|authorization)[\w-]*\\?["']?\s*[=:]\s*\\?["']?[^\s"']/i

/** Maps whose keys are names that somebody gave, not fields. */
const namedThings = ['systems', 'stores', 'services', 'variants', 'expect', 'thresholds', 'types']

export function looksSecret(text: string): boolean {
  return secretValue.test(text)
}

export function isSecretKey(key: string): boolean {
  return secretKey.test(key.toLowerCase().replaceAll(/[\s._-]/g, ''))
}

/** Removes credentials from a document. Options of the catalogue that merely sound like one stay, and so do names. */
export class DroppedSecrets {
  /** Paths of what was dropped, for people. */
  readonly dropped: string[] = []
  readonly #options: ReadonlySet<string>
  readonly #namedThings: ReadonlySet<string>

  constructor({ kinds, stores }: Catalogue) {
    const tables = [...kinds.flatMap((kind) => [kind.options, kind.producerOptions, kind.consumerOptions])]
    const all = [...tables, ...stores.map(({ options }) => options)].flatMap(optionsWithin)
    this.#options = new Set(all.map(({ name }) => name))
    this.#namedThings = new Set([...namedThings, ...all.filter(({ isMap }) => isMap).map(({ name }) => name)])
  }

  fromDocument(node: SourceNode, path: readonly string[] = []): SourceNode {
    if (node.kind === 'list') {
      const items = node.items.filter((item, index) => !this.#isSecretValue(item, [...path, String(index)]))
      return { ...node, items: items.map((item, index) => this.fromDocument(item, [...path, String(index)])) }
    }
    if (node.kind === 'scalar') return node
    const kept = [...node.entries].filter(([key, entry]) => !this.#isSecretEntry(key, entry.node, path))
    const entries = kept.map(([key, entry]): readonly [string, MapEntry] => [
      key,
      { ...entry, node: this.fromDocument(entry.node, [...path, key]) },
    ])
    return { ...node, entries: new Map(entries) }
  }

  /** The same for plain data of a trace, where no key is an option's name. */
  fromBody(value: unknown, path: readonly string[]): unknown {
    if (typeof value === 'string') return secretInBody.test(value) || looksSecret(value) ? this.#note(path) : value
    if (Array.isArray(value)) return value.map((item, index) => this.fromBody(item, [...path, String(index)]))
    if (typeof value !== 'object' || value === null) return value
    const kept = Object.entries(value).filter(([key]) => {
      if (!isSecretKey(key)) return true
      this.#note([...path, key])
      return false
    })
    return Object.fromEntries(kept.map(([key, inner]) => [key, this.fromBody(inner, [...path, key])]))
  }

  #isSecretEntry(key: string, node: SourceNode, path: readonly string[]): boolean {
    const isName = this.#namedThings.has(path.at(-1) ?? '') && (node.kind === 'map' || path.at(-1) === 'types')
    if (!isName && !this.#options.has(key) && isSecretKey(key)) {
      this.#note([...path, key])
      return true
    }
    return this.#isSecretValue(node, [...path, key])
  }

  #isSecretValue(node: SourceNode, path: readonly string[]): boolean {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !looksSecret(node.value)) return false
    this.#note(path)
    return true
  }

  #note(path: readonly string[]): undefined {
    // A key that is itself an address with a password in it is not repeated either.
    this.dropped.push(path.map((step) => (looksSecret(step) ? '(dropped)' : step)).join('.'))
    return undefined
  }
}

function optionsWithin(table: OptionTable): readonly { readonly name: string; readonly isMap: boolean }[] {
  return Object.entries(table).flatMap(([name, spec]) => [
    { name, isMap: spec.type === 'map' },
    ...('of' in spec ? optionsWithin(spec.of) : []),
  ])
}

/** Whether `path=value`, as given on a command line, gives a credential: it must not be said again. */
export function isSecretAssignment(assignment: string): boolean {
  const equals = assignment.indexOf('=')
  const path = equals < 0 ? assignment : assignment.slice(0, equals)
  return path.split('.').some(isSecretKey) || isSecretKey(path) || looksSecret(assignment)
}
