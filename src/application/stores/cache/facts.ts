import { defineFact } from '../../../history/fact.ts'

/** A key was written, in memory; replicas and disks get it later. */
export const keyWritten = defineFact('key-written', 'store', { key: 'name' }, '{node} took {key} down')

/** A replica had not heard of its primary for too long, and took its place; what it did not have is lost. */
export const failedOver = defineFact(
  'failed-over',
  'store',
  { from: 'name', epoch: 'int' },
  '{node} took the place of {from}',
)

export const cacheFacts = [keyWritten, failedOver] as const
