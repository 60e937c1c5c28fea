import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Consumer, Producer, Use } from '../system.ts'
import type { ConsumerUse } from './client/consumer-parts.ts'
import { javaConsumerSettings } from './client/consumer-settings.ts'
import type { JavaConsumerSettings } from './client/consumer-settings.ts'
import { JavaConsumer } from './client/java-consumer.ts'
import { KafkaProducer } from './client/kafka-producer.ts'
import { javaProducerSettings } from './client/producer-settings.ts'
import type { Cluster } from './cluster.ts'
import { applicationOptionsOf, consumerOptionsOf, producerOptionsOf, sound } from './configuration.ts'
import type { KafkaVersion } from './options/option.ts'

/** A consumer of whichever client, with what the run's own account asks of it. */
export interface ConsumerClient extends Consumer {
  readonly alive: boolean
  /** Deliveries that the application still has in hand. */
  readonly unsettled: number
}

/** The producer that a use asks for. */
export function producerFor(process: Process, cluster: Cluster, use: Use, version: KafkaVersion): Producer {
  const options = sound(producerOptionsOf(use.settings, version))
  return new KafkaProducer(process, cluster, use.address, javaProducerSettings(options))
}

/** The consumer that a use asks for. */
export function consumerFor(
  process: Process,
  cluster: Cluster,
  { topic, group, progress }: ConsumerUse,
  use: Use,
  version: KafkaVersion,
): ConsumerClient {
  return new JavaConsumer(process, cluster, { topic, group, progress }, javaSettings(use, version))
}

/** The longest time after which something may still move by itself: a delivery, a session, a rebalance. */
export function patienceOf(use: Use, version: KafkaVersion): Micros {
  if (use.role === 'producer') {
    return javaProducerSettings(sound(producerOptionsOf(use.settings, version))).accumulator.deliveryTimeout
  }
  const { sessionTimeout, rebalanceTimeout } = javaSettings(use, version)
  return sessionTimeout + rebalanceTimeout
}

function javaSettings(use: Use, version: KafkaVersion): JavaConsumerSettings {
  const options = sound(consumerOptionsOf(use.settings, use.group, version))
  return javaConsumerSettings(options, applicationOptionsOf(use.settings))
}
