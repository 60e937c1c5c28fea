import type { SystemKind } from '../system.ts'
import { rabbitRules } from './rules.ts'
import { smallestBroker } from './smallest-broker.ts'
import { claimsOf } from './claims.ts'
import { rabbitFacts } from './facts.ts'
import { rabbitOmissions } from './omissions.ts'
import { rabbitVersions } from './options/broker-settings-of.ts'
import { brokerTable } from './options/broker-table.ts'
import { consumerTable, producerTable } from './options/client-table.ts'
import { definitionsFile } from './options/import-definitions.ts'
import { reasonWithoutMeaning } from './options/without-meaning.ts'
import { problemsOf } from './problems.ts'
import { RabbitSystem } from './rabbitmq-system.ts'
import { brokerOmissions } from './server/omissions.ts'

/**
 * RabbitMQ: one node with exchanges and classic queues, spoken to in AMQP 0-9-1 by the Java client or by amqplib.
 *
 * Left out: see `omissions`.
 */
export const rabbitmq: SystemKind = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  versions: rabbitVersions,
  options: brokerTable,
  producerOptions: producerTable,
  consumerOptions: consumerTable,
  files: { system: definitionsFile },
  reasonWithoutMeaning,
  facts: rabbitFacts,
  rules: rabbitRules,
  omissions: [...rabbitOmissions, ...brokerOmissions],
  claims: claimsOf,
  smallest: smallestBroker,
  problems: problemsOf,
  build: (setup) => new RabbitSystem(setup),
}
