import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import type { ApiClient } from '../stores/external-api/api-client.ts'
import { isApiClient, reasonOf } from '../stores/external-api/api-client.ts'
import type { Handling, HandlingOutcome, Strategy, StrategyContext } from './strategy.ts'
import { done, failed } from './strategy.ts'

const options = {
  key: {
    type: 'choice',
    choices: ['operation', 'message', 'attempt'],
    fallback: 'operation',
    summary: 'What the key is made of: the operation, the id of the message, or something new for each attempt.',
  },
} as const satisfies OptionTable

export const idempotencyKey: Strategy = {
  name: 'idempotency-key',
  summary: 'Call the API with a key, so that it executes the first call and answers the others alike.',
  why: 'Who executes is who remembers, for as long as keys are kept; a key that changes from one attempt to the next is no key.',
  options,
  stores: { store: ['api'] },
  writes: 'delta',
  start(context, settings) {
    const { key } = valuesOf(options, settings)
    const api = apiOf(context)
    return function* handle(handling) {
      const worked = yield* handling.work()
      return worked.kind === 'done' ? yield* callWithKey(api, handling, keyOf(handling, key)) : worked
    }
  },
}

/** The API that a strategy calls for its effects. */
export function apiOf(context: StrategyContext): ApiClient {
  const client = context.store('store')
  if (isApiClient(client)) return client
  throw new Error('This strategy calls an API; the scenario should have been refused.')
}

/** Calls the API for the effect; a call that is being executed is tried again later. */
export function* callWithKey(api: ApiClient, { effect }: Handling, key: string): Program<HandlingOutcome> {
  if (effect === undefined) return done
  const outcome = yield* api.call(effect, key)
  if (outcome.kind === 'executed') return done
  const reason = `the API answered: ${reasonOf(outcome)}`
  return outcome.kind === 'mismatch' ? { kind: 'park', reason } : failed(reason)
}

function keyOf({ ids, attempt }: Handling, made: 'operation' | 'message' | 'attempt'): string {
  return made === 'attempt' ? `${ids.message}/${attempt}` : ids[made]
}
