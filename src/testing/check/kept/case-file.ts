import { parseDocument, stringify } from 'yaml'
import { z } from 'zod'

/** A failing run that was kept: what it broke, and what it needs besides the check itself. */
export interface KeptCase {
  /** The name of its check. */
  readonly check: string
  /** A guarantee or the name of an invariant, and where it is judged. */
  readonly breaks: string
  readonly level: 'delivery' | 'effect' | 'run'
  /** Guarantee and cause, as kinds. */
  readonly kind: string
  /** What happened, when it was kept. */
  readonly says: string
  readonly seed: string
  readonly members: number
  readonly messages: readonly KeptMessage[]
  /** As a scenario file has them. */
  readonly faults: readonly Readonly<Record<string, unknown>>[]
}

/** A message by what it is: found again among the messages of the check by its operation and key, wherever it stands there today. */
export interface KeptMessage {
  /** Its place among the messages of the check, from 0. */
  readonly fixture: number
  readonly operation?: string | undefined
  readonly key?: string | undefined
  /** What it held, where it can be written down and holds nothing that looks like a credential. */
  readonly value?: unknown
}

const count = z.number().int().min(0).max(1_000_000)

const schema = z.strictObject({
  check: z.string(),
  breaks: z.string(),
  level: z.enum(['delivery', 'effect', 'run']),
  kind: z.string(),
  says: z.string(),
  seed: z.string(),
  members: count.min(1),
  messages: z
    .array(
      z.strictObject({
        fixture: count,
        operation: z.string().optional(),
        key: z.string().optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1),
  faults: z.array(z.record(z.string(), z.unknown())),
})

/** The file of a case: a page that a person can read. `command` runs it again. */
export function caseText(kept: KeptCase, command: string): string {
  const head = [
    `# A run in which "${oneLine(kept.check)}" failed. It is tried before anything else, until it holds; then it is a regression test.`,
    `# Again: ${oneLine(command)}`,
  ]
  const { messages, faults, ...rest } = kept
  const parts = [stringify(rest, { lineWidth: 0 }), listOf('messages', messages), listOf('faults', faults)]
  return `${head.join('\n')}\n${parts.join('')}`
}

/** A line for each. */
function listOf(name: string, items: readonly unknown[]): string {
  if (items.length === 0) return `${name}: []\n`
  const lines = items.map(
    (item) => `  - ${stringify(item, { collectionStyle: 'flow', lineWidth: 0, aliasDuplicateObjects: false })}`,
  )
  return `${name}:\n${lines.join('')}`
}

/** The case of a file, or what is wrong with it. */
export function readCaseText(text: string): KeptCase | string {
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) return 'is no YAML that can be read'
  const read = schema.safeParse(plainOf(document))
  if (read.success) return read.data
  const [issue] = read.error.issues
  const place = issue?.path.join('.') ?? ''
  return place === '' ? 'is no case of a check' : `${place}: ${issue?.message ?? ''}`
}

function plainOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    return undefined
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
