import { second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../../systems/option.ts'

export const cacheOptions = {
  replica: {
    type: 'flag',
    fallback: true,
    summary:
      'Whether a second server follows the first one and takes its place when that is gone. The nodes are called `<name>-1` and `<name>-2`; without it there is one, `<name>`.',
  },
  'down-after': {
    type: 'duration',
    fallback: 30 * second,
    minimum: second,
    summary: 'Silence of the primary after which the replica takes its place.',
    page: 'https://valkey.io/topics/sentinel/',
  },
  'wait-for-replica': {
    type: 'flag',
    fallback: false,
    summary: 'Whether a write is answered only when the replica has it, or has not answered for a second.',
    page: 'https://valkey.io/commands/wait/',
  },
  'append-only-file': {
    type: 'choice',
    choices: ['no', 'everysec', 'always'],
    fallback: 'no',
    summary:
      'Whether writes also go to a log on the disk, and how often that is made durable; without it a restart forgets all.',
    page: 'https://valkey.io/topics/persistence/',
  },
  timeout: { type: 'duration', fallback: 5 * second, minimum: 1, summary: 'How long a client waits for an answer.' },
} as const satisfies OptionTable

export type CacheValues = OptionValues<typeof cacheOptions>
