import type { NeutralRule } from '../system.ts'

const design = 'https://kafka.apache.org/41/design/design/#replication'

/** Why neutral facts come about in Kafka. */
export const kafkaRules: readonly NeutralRule[] = [
  {
    fact: 'copy-ended',
    values: { fate: 'lost', reason: 'truncated' },
    rule: {
      statement:
        'The log of the leader is the truth: what it does not have is cut off from the others when they come back.',
      evidence: 'documented',
      page: design,
    },
  },
  {
    fact: 'copy-ended',
    values: { fate: 'lost', reason: 'power' },
    rule: {
      statement: 'Acknowledged by all replicas means in the memory of all of them, not on their disks.',
      evidence: 'documented',
      page: 'https://kafka.apache.org/41/configuration/topic-configs/#topicconfigs_flush.messages',
    },
  },
]
