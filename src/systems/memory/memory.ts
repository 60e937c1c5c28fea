import type { SystemKind } from '../system.ts'
import { claimsOf } from './claims.ts'
import { memoryRules, processingBegan, putBack } from './facts.ts'
import { MemorySystem } from './memory-system.ts'
import { memoryConsumerOptions, memoryOptions, memoryProducerOptions } from './options.ts'
import { problemsOf } from './problems.ts'

/**
 * The broker that tutorials build: queues and topics in the memory of one process. Tutorials run it inside the application; here it is a node
 * of its own that clients reach over the network, so that a crash of the broker and one of a consumer are different faults.
 *
 * Left out: see `omissions`.
 */
export const memory: SystemKind = {
  name: 'memory',
  title: 'The broker of a tutorial',
  versions: ['1'],
  options: memoryOptions,
  producerOptions: memoryProducerOptions,
  consumerOptions: memoryConsumerOptions,
  facts: [processingBegan, putBack],
  rules: memoryRules,
  omissions: [
    'Nothing is written to a disk: what the broker held is gone when its process ends.',
    'There is one broker and no copy of it elsewhere.',
    'Queues and topics are there from the start and are never deleted.',
    'Messages have no time to live, no priority and no delay.',
    'Topics have no filters and no wildcards; a subscriber that is slow is handed everything all the same.',
    'A connection carries one producer or one consumer.',
  ],
  claims: claimsOf,
  problems: problemsOf,
  smallest: (redeliveredAfter) => ({
    options: { queues: { orders: { attempts: 0, 'visibility-timeout': `${redeliveredAfter}us` } } },
    address: 'orders',
    consumer: {},
    redeliveredAfter,
    hasPositions: false,
  }),
  build: (setup) => new MemorySystem(setup),
}
