import { errorText } from '../bridge/error-text.ts'

/** What somebody's code threw, in a line. */
export function reasonOf(error: unknown): string {
  const text = errorText(error)
  return text === '' ? 'the handler threw' : text
}
