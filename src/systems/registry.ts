import { kafka } from './kafka/kafka.ts'
import { memory } from './memory/memory.ts'
import type { SystemKind } from './system.ts'

/** Every product that can be used in a scenario. */
export const systemKinds: readonly SystemKind[] = [memory, kafka]

/** Products that are to come: a scenario that names one is told so. */
export const plannedSystems: readonly string[] = ['rabbitmq', 'redis', 'sqs', 'kinesis']
