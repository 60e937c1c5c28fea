import type { NeutralRule } from '../system.ts'
import { pages } from './options/pages.ts'

/** Why neutral facts come about in Kinesis. */
export const kinesisRules: readonly NeutralRule[] = [
  {
    fact: 'copy-ended',
    values: { fate: 'expired' },
    rule: {
      statement: 'A record is kept for the retention period, and then it is gone, whether or not anybody has read it.',
      evidence: 'documented',
      page: pages.retention,
    },
  },
]
