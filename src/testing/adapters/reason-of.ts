/** What somebody's code threw, in a line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text === '' ? 'the handler threw' : text
}
