import type { SystemKind } from '../system.ts'
import { claimsOf } from './claims.ts'
import { kinesisFacts } from './facts.ts'
import { KinesisSystem } from './kinesis-system.ts'
import { kinesisOmissions } from './omissions.ts'
import { consumerTable, producerTable } from './options/client-tables.ts'
import { serviceTable } from './options/stream-table.ts'
import { reasonWithoutMeaning } from './options/without-meaning.ts'
import { problemsOf } from './problems.ts'
import { kinesisRules } from './rules.ts'
import { smallestStream } from './smallest-stream.ts'

/**
 * Amazon Kinesis Data Streams, put to with the AWS SDK or the producer library, and read by applications of the Kinesis Client Library, whose
 * workers share shards by leases in DynamoDB.
 *
 * Left out: see `omissions`.
 */
export const kinesis: SystemKind = {
  name: 'kinesis',
  title: 'Amazon Kinesis Data Streams',
  versions: ['KCL 2'],
  options: serviceTable,
  producerOptions: producerTable,
  consumerOptions: consumerTable,
  reasonWithoutMeaning,
  facts: kinesisFacts,
  rules: kinesisRules,
  omissions: kinesisOmissions,
  claims: claimsOf,
  smallest: smallestStream,
  problems: problemsOf,
  build: (setup) => new KinesisSystem(setup),
}
