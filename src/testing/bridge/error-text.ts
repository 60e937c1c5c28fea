import { format } from 'node:util'

const opaque = 'something that cannot be looked at'

/** Whether it is one, and can be asked. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}

/** What was thrown, in words. It may be anything, also what throws when it is looked at. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error)
  } catch {
    return opaque
  }
}

/** The same with the name of the error. */
export function namedErrorText(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : format(error)
  } catch {
    return opaque
  }
}

/** The stack that an error tells, if it is one and tells any. */
export function errorStack(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? error.stack : undefined
  } catch {
    return undefined
  }
}
