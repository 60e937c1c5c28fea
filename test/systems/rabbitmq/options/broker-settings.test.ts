import { expect, it } from 'vitest'
import { rabbitmq } from '../../../../src/systems/rabbitmq/rabbitmq.ts'
import { brokerSettingsOf } from '../../../../src/systems/rabbitmq/options/broker-settings-of.ts'
import { topologyOf } from '../../../../src/systems/rabbitmq/options/topology.ts'
import { settingsFrom } from '../../bench.ts'

it('The configuration of a broker has its say about what the version would do', () => {
  const settings = settingsFrom(rabbitmq.options, {
    queues: { orders: { durable: false } },
    max_message_size: 1024,
    'deprecated_features.permit.transient_nonexcl_queues': true,
  })
  const { maxMessageSize, permits } = brokerSettingsOf(settings, '4.3')
  expect({ maxMessageSize, permits }).toEqual({ maxMessageSize: 1024, permits: ['transient_nonexcl_queues'] })
  expect(topologyOf(settings, '4.3').faults).toEqual([])
  const silent = settingsFrom(rabbitmq.options, {})
  expect(
    [brokerSettingsOf(silent, '3.13'), brokerSettingsOf(silent, '4.3')].map((each) => each.maxMessageSize),
  ).toEqual([134_217_728, 16_777_216])
})
