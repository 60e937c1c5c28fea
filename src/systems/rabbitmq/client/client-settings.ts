import type { Micros } from '../../../simulation/duration.ts'
import { minute } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues, Settings } from '../../option.ts'
import { defaultSettings, valuesOf } from '../../option.ts'
import type { WantedHeartbeat } from '../protocol.ts'
import { consumerTable, producerTable } from '../options/client-table.ts'

export type ProducerValues = OptionValues<typeof producerTable>
export type ConsumerValues = OptionValues<typeof consumerTable>

/** How a client keeps its connection. */
export interface ConnectionSettings {
  readonly client: 'java' | 'amqplib'
  readonly heartbeat: WantedHeartbeat
  /** µs for the opening of the socket. */
  readonly connectTimeout: Micros
  /** µs for the broker's greeting once the socket is open. */
  readonly handshakeTimeout: Micros
  /** µs until the client restores a lost connection by itself; without it, it does not. */
  readonly recoverAfter: Micros | undefined
  /** Whether restoring brings back what it had declared, and its consumers. */
  readonly recoversTopology: boolean
  readonly onClosed: 'reopen' | 'exit' | 'nothing'
  readonly reopenAfter: Micros
  readonly consumerCancelNotify: boolean
}

export function producerValues(settings: Settings): ProducerValues {
  return valuesOf(producerTable, complete(producerTable, settings))
}

export function consumerValues(settings: Settings): ConsumerValues {
  return valuesOf(consumerTable, complete(consumerTable, settings))
}

export function connectionSettings(values: ProducerValues | ConsumerValues): ConnectionSettings {
  const isJava = values.client === 'java'
  return {
    client: values.client,
    heartbeat: isJava ? (values.requestedHeartbeat ?? minute) : heartbeatOfAmqplib(values.requestedHeartbeat),
    connectTimeout: values.connectionTimeout,
    handshakeTimeout: isJava ? values.handshakeTimeout : values.connectionTimeout,
    recoverAfter: isJava && values.automaticRecoveryEnabled ? values.networkRecoveryInterval : undefined,
    recoversTopology: values.topologyRecoveryEnabled,
    onClosed: values['on-closed'],
    reopenAfter: values['reopen-after'],
    consumerCancelNotify: 'consumer_cancel_notify' in values ? values.consumer_cancel_notify : true,
  }
}

/** Who says nothing leaves it to the broker; who says 0 has none, since amqplib 2.0. */
function heartbeatOfAmqplib(requested: Micros | null): WantedHeartbeat {
  return requested === 0 ? 'none' : (requested ?? 0)
}

/** A service that answers requests sends its replies with the settings of its consumer: what a producer would set is the default there. */
function complete(table: OptionTable, { values, explicit }: Settings): Settings {
  return { values: { ...defaultSettings(table).values, ...values }, explicit }
}
