import { defineFact } from '../../../history/fact.ts'

/** A caller was told that what he asked for was not done, or not now: the code has to look at it. */
export const callRefused = defineFact(
  'call-refused',
  'client',
  { message: 'name', service: 'name', attempt: 'int', call: 'name', status: 'int' },
  '{node} was answered {status} to {call}',
)

export const httpApiFacts = [callRefused] as const
