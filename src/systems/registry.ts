import { kafka } from './kafka/kafka.ts'
import { kinesis } from './kinesis/kinesis.ts'
import { memory } from './memory/memory.ts'
import { rabbitmq } from './rabbitmq/rabbitmq.ts'
import { redis } from './redis/redis.ts'
import { sqs } from './sqs/sqs.ts'
import type { SystemKind } from './system.ts'

/** Every product that can be used in a scenario. */
export const systemKinds: readonly SystemKind[] = [memory, kafka, rabbitmq, kinesis, sqs, redis]

/** Products that are to come: a scenario that names one is told so. */
export const plannedSystems: readonly string[] = []
