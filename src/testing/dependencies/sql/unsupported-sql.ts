/** SQL that the simulated database does not execute. The check fails by it: what it would have done is not guessed. */
export class UnsupportedSql extends Error {
  override readonly name = 'UnsupportedSql'
  /** What of it is not supported. */
  readonly feature: string
  readonly sql: string
  /** From 1; `undefined` where it is about the text as a whole. */
  readonly line: number | undefined
  readonly column: number | undefined

  /** `place`: of the character, from 0. */
  constructor(feature: string, sql: string, place: number | undefined) {
    const before = place === undefined ? undefined : sql.slice(0, place).split('\n')
    const column = before === undefined ? undefined : (before.at(-1)?.length ?? 0) + 1
    const where = before === undefined ? '' : `, at line ${before.length}, column ${column}`
    const shown = before === undefined ? sql : pointedAt(sql, before.length, column ?? 1)
    super(`the simulated database does not support ${feature}${where}:\n${shown}`)
    this.feature = feature
    this.sql = sql
    this.line = before?.length
    this.column = column
  }
}

function pointedAt(sql: string, line: number, column: number): string {
  return `  ${sql.split('\n')[line - 1] ?? ''}\n  ${' '.repeat(column - 1)}^`
}
