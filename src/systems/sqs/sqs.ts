import type { SystemKind } from '../system.ts'
import { claimsOf } from './claims.ts'
import { sqsFacts } from './facts.ts'
import { sqsOmissions } from './omissions.ts'
import { consumerTable, producerTable } from './options/client-table.ts'
import { attributesFile } from './options/import-attributes.ts'
import { serviceTable } from './options/service-table.ts'
import { reasonWithoutMeaning } from './options/without-meaning.ts'
import { problemsOf } from './problems.ts'
import { sqsRules } from './rules.ts'
import { smallestQueue } from './smallest-queue.ts'
import { SqsSystem } from './sqs-system.ts'

/**
 * Amazon SQS: standard and FIFO queues behind an endpoint, on several servers that faults can make unavailable, and clients of the AWS SDK.
 *
 * Left out: see `omissions`.
 */
export const sqs: SystemKind = {
  name: 'sqs',
  title: 'Amazon SQS',
  versions: ['2025'],
  options: serviceTable,
  producerOptions: producerTable,
  consumerOptions: consumerTable,
  files: { system: attributesFile },
  reasonWithoutMeaning,
  facts: sqsFacts,
  rules: sqsRules,
  omissions: sqsOmissions,
  claims: claimsOf,
  problems: problemsOf,
  smallest: smallestQueue,
  build: (setup) => new SqsSystem(setup),
}
