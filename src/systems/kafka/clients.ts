import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Consumer, Producer, Use } from '../system.ts'
import type { ConsumerUse } from './client/consumer-parts.ts'
import { javaConsumerSettings } from './client/consumer-settings.ts'
import type { JavaConsumerSettings } from './client/consumer-settings.ts'
import { JavaConsumer } from './client/java-consumer.ts'
import { KafkaJsConsumer } from './client/kafka-js-consumer.ts'
import { KafkaJsProducer } from './client/kafka-js-producer.ts'
import type { KafkaJsConsumerSettings } from './client/kafka-js-settings.ts'
import { kafkaJsConsumerSettings, kafkaJsProducerSettings } from './client/kafka-js-settings.ts'
import { KafkaProducer } from './client/kafka-producer.ts'
import { javaProducerSettings } from './client/producer-settings.ts'
import type { Cluster } from './cluster.ts'
import {
  applicationOptionsOf,
  clientOf,
  consumerOptionsOf,
  kafkaJsConsumerOptionsOf,
  kafkaJsProducerOptionsOf,
  producerOptionsOf,
  sound,
} from './configuration.ts'
import type { KafkaVersion } from './options/option.ts'

/** A consumer of whichever client, with what the run's own account asks of it. */
export interface ConsumerClient extends Consumer {
  readonly alive: boolean
  /** Deliveries that the application still has in hand. */
  readonly unsettled: number
}

/** The producer that a use asks for. */
export function producerFor(process: Process, cluster: Cluster, use: Use, version: KafkaVersion): Producer {
  const { address: topic, settings } = use
  if (clientOf(settings) === 'java') {
    return new KafkaProducer(process, cluster, topic, javaProducerSettings(sound(producerOptionsOf(settings, version))))
  }
  const options = sound(kafkaJsProducerOptionsOf(settings, version))
  return new KafkaJsProducer(process, cluster, topic, kafkaJsProducerSettings(options))
}

/** The consumer that a use asks for. */
export function consumerFor(
  process: Process,
  cluster: Cluster,
  named: ConsumerUse,
  use: Use,
  version: KafkaVersion,
): ConsumerClient {
  return clientOf(use.settings) === 'java'
    ? new JavaConsumer(process, cluster, named, javaSettings(use, version))
    : new KafkaJsConsumer(process, cluster, named, kafkaJsSettings(use, version))
}

/** The longest time after which something may still move by itself: a delivery, a session, a rebalance. */
export function patienceOf(use: Use, version: KafkaVersion): Micros {
  const isJava = clientOf(use.settings) === 'java'
  if (use.role === 'consumer') {
    const { sessionTimeout, rebalanceTimeout } = isJava ? javaSettings(use, version) : kafkaJsSettings(use, version)
    return sessionTimeout + rebalanceTimeout
  }
  if (isJava) return javaProducerSettings(sound(producerOptionsOf(use.settings, version))).accumulator.deliveryTimeout
  const { links, retry } = kafkaJsProducerSettings(sound(kafkaJsProducerOptionsOf(use.settings, version)))
  return links.requestTimeout + retry.maxRetryTime
}

function javaSettings(use: Use, version: KafkaVersion): JavaConsumerSettings {
  const options = sound(consumerOptionsOf(use.settings, use.group, version))
  return javaConsumerSettings(options, applicationOptionsOf(use.settings))
}

function kafkaJsSettings(use: Use, version: KafkaVersion): KafkaJsConsumerSettings {
  return kafkaJsConsumerSettings(sound(kafkaJsConsumerOptionsOf(use.settings, use.group, version)))
}
