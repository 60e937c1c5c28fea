import { hour, millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../../systems/option.ts'

const page = 'https://docs.stripe.com/api/idempotent_requests'

export const apiOptions = {
  takes: {
    type: 'duration',
    fallback: 20 * millisecond,
    minimum: 1,
    summary: 'From the moment at which a call begins to be executed to the moment at which it is done.',
  },
  timeout: {
    type: 'duration',
    fallback: 5 * second,
    minimum: 1,
    summary: 'How long a client waits for the answer.',
  },
  'idempotency-keys': {
    type: 'flag',
    fallback: true,
    summary: 'Whether it knows keys; without, a key is ignored and every call is executed.',
    page,
  },
  'keeps-keys': {
    type: 'duration',
    fallback: 24 * hour,
    minimum: 1,
    summary: 'How long a key is remembered; a call with a forgotten key is a new one.',
    page,
  },
  errors: {
    type: 'probability',
    fallback: 0,
    summary: 'Of a call ending in a server error after its execution has begun, without an effect.',
  },
  'keeps-errors': {
    type: 'flag',
    fallback: true,
    summary:
      'Whether a server error is the result that a key gets from then on; otherwise the next call executes anew.',
    page,
  },
  'found-after': {
    type: 'duration',
    fallback: 0,
    summary: 'How long it takes until a search finds what was done.',
  },
} as const satisfies OptionTable

export type ApiValues = OptionValues<typeof apiOptions>
