import { millisecond } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../../systems/option.ts'

export const httpApiOptions = {
  takes: {
    type: 'duration',
    fallback: 20 * millisecond,
    minimum: 1,
    summary: 'From the moment at which a call begins to be executed to the moment at which it is done.',
  },
  errors: { type: 'probability', fallback: 0, summary: 'Of a call ending in 500, without an effect.' },
  'lost-answers': {
    type: 'probability',
    fallback: 0,
    summary: 'Of the connection being reset after a call was executed, instead of the answer.',
  },
  'too-many': { type: 'probability', fallback: 0, summary: 'Of a call being refused with 429, without an effect.' },
} as const satisfies OptionTable

export type HttpApiValues = OptionValues<typeof httpApiOptions>
