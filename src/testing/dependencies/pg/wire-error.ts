import { DatabaseError as DriverError } from 'pg'
import type { DatabaseError } from '../../../application/stores/database/statement.ts'

/** An error of the server, as the driver throws it. */
export function wireError({ sqlState, message, about = {}, lost }: DatabaseError): Error {
  if (lost !== undefined) return lostConnection(lost)
  const error = new DriverError(message, message.length, 'error')
  const { detail, hint, table, column, constraint, dataType, position } = about
  error.severity = isFatal(sqlState) ? 'FATAL' : 'ERROR'
  error.code = sqlState
  error.detail = detail
  error.hint = hint
  error.position = position === undefined ? undefined : String(position)
  error.schema = table === undefined ? undefined : 'public'
  error.table = table
  error.column = column
  error.dataType = dataType
  error.constraint = constraint
  return error
}

function isFatal(sqlState: string): boolean {
  return ['53300', '57P03', '57P01', '25P03'].includes(sqlState)
}

/** A connection that is over, as the driver tells of it. */
function lostConnection(lost: NonNullable<DatabaseError['lost']>): Error {
  switch (lost) {
    case 'refused':
      return systemError('ECONNREFUSED', 'connect')
    case 'unreachable':
      return systemError('ETIMEDOUT', 'connect')
    case 'timed-out':
    case 'keep-alive':
      return systemError('ETIMEDOUT', 'read')
    case 'reset':
      return systemError('ECONNRESET', 'read')
    default:
      return new Error('Connection terminated unexpectedly')
  }
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
}
