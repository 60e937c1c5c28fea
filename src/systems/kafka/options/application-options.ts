import type { OptionTable, OptionValues } from '../../option.ts'

/** What the application around a Java consumer does by itself. These are no options of Kafka: they stand for a few lines of its code. */
export const applicationTable = {
  'commit-interval': {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary:
      'How often an application that commits by itself (enable.auto.commit=false) does so, inside its poll loop; 0 for after each acknowledgement.',
    page: 'https://kafka.apache.org/41/javadoc/org/apache/kafka/clients/consumer/KafkaConsumer.html',
  },
  'on-partitions-revoked': {
    type: 'choice',
    choices: ['nothing', 'commit', 'finish-and-commit'],
    fallback: 'nothing',
    summary:
      'What its ConsumerRebalanceListener does before partitions are given up: commit what was acknowledged, or wait for what is in hand first.',
    page: 'https://kafka.apache.org/41/javadoc/org/apache/kafka/clients/consumer/ConsumerRebalanceListener.html',
  },
} as const satisfies OptionTable

export type ApplicationOptions = OptionValues<typeof applicationTable>

export type OnRevoked = ApplicationOptions['on-partitions-revoked']
