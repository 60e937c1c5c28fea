import type { Node, ParseResult } from 'libpg-query'
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query'
import { SqlFailure } from './sql-failure.ts'

let loading: Promise<void> | undefined
let isLoaded = false

/** The parser is a module of WebAssembly, which has to be loaded before the first statement. */
export function sqlParserReady(): Promise<void> {
  loading ??= loadModule().then(() => {
    isLoaded = true
  })
  return loading
}

/** The texts that were read last: every run of a check brings the same ones. */
const known = new Map<string, readonly Node[]>()
const mostKnown = 1000

/** The statements of a text, as the parser of the server reads them. A text that it does not read is an error of the server. */
export function parseSql(text: string): readonly Node[] {
  // The parser takes no text without anything in it; the server does.
  if (text.trim() === '') return []
  if (!isLoaded) throw new Error('The parser of SQL is not loaded yet: await sqlParserReady() first.')
  const before = known.get(text)
  if (before !== undefined) return before
  try {
    const { stmts }: ParseResult = parseSync(text)
    const nodes = (stmts ?? []).flatMap(({ stmt }) => (stmt === undefined ? [] : [stmt]))
    if (known.size >= mostKnown) known.clear()
    known.set(text, nodes)
    return nodes
  } catch (error) {
    if (!(error instanceof Error) || !hasSqlDetails(error)) throw error
    const { message, cursorPosition } = error.sqlDetails ?? { message: error.message, cursorPosition: 0 }
    throw new SqlFailure('42601', message, { position: cursorPosition + 1 })
  }
}
