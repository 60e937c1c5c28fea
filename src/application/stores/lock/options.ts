import { second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../../systems/option.ts'

export const lockOptions = {
  timeout: { type: 'duration', fallback: 5 * second, minimum: 1, summary: 'How long a client waits for an answer.' },
  keeps: {
    type: 'choice',
    choices: ['everything', 'nothing'],
    fallback: 'everything',
    summary:
      'What is left after a crash: leases and the last token, as behind a consensus, or nothing, as in a single server that keeps them in memory.',
    page: 'https://etcd.io/docs/v3.5/learning/api_guarantees/',
  },
} as const satisfies OptionTable

export type LockValues = OptionValues<typeof lockOptions>
