import { errorText } from '../bridge/error-text.ts'
import { described, shortText } from './described.ts'

/** Why this is no message that somebody could send; nothing where it is one. */
export function whyNotSent(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message) || message instanceof Promise)
    return `is ${described(message)}: ${expected}`
  if (!('value' in message) && !('key' in message)) return `is ${shortText(message)}: ${expected}`
  const value: unknown = 'value' in message ? message.value : undefined
  const problem = whyNotCopied(value)
  return problem && `cannot be sent: its value ${problem}, and it arrives as a copy`
}

const expected = 'expected { key, value, headers }, with what the consumer gets in `value`'

/** Why nobody can make a copy of it; nothing where somebody can. */
function whyNotCopied(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return undefined
  try {
    structuredClone(value)
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
    return undefined
  } catch (error) {
    const [why = ''] = errorText(error).split('\n')
    return why.includes('circular') ? 'contains itself' : `holds what cannot be copied (${why})`
  }
}
