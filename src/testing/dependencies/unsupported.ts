import { UnsimulatedAddress } from './http/unsimulated-address.ts'
import { UnsupportedCommand } from './ioredis/unsupported-command.ts'
import { UnsupportedSql } from './sql/unsupported-sql.ts'

/** Something that the code asked of a dependency and that is not simulated. */
export type Unsupported = UnsupportedSql | UnsupportedCommand | UnsimulatedAddress

/** What such an error is called among the things that a check found; nothing for any other error. */
export function unsupportedKindOf(error: unknown): string | undefined {
  if (error instanceof UnsupportedSql) return 'unsupported-sql'
  if (error instanceof UnsupportedCommand) return 'unsupported-command'
  return error instanceof UnsimulatedAddress ? 'unsimulated-address' : undefined
}
