import { diskProfiles } from '../../../simulation/disk.ts'
import type { Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import type { Version } from '../core/profile.ts'
import { profiles } from '../core/profile.ts'
import type { BrokerSettings } from '../server/broker-settings.ts'
import { brokerDefaults } from '../server/broker-settings.ts'
import { brokerTable, permitsIn } from './broker-table.ts'

/** The versions that a scenario may name, the default last. */
export const rabbitVersions = ['3.10', '3.13', '4.2', '4.3'] as const satisfies readonly Version[]

export function versionOf(name: string): Version {
  const version = rabbitVersions.find((known) => known === name)
  if (version === undefined)
    throw new Error(`There is no version ${name} of RabbitMQ; the scenario should have been refused.`)
  return version
}

/** What the settings of a system make of its broker. */
export function brokerSettingsOf(settings: Settings, version: Version): BrokerSettings {
  const values = valuesOf(brokerTable, settings)
  const profile = profiles[version]
  const isLimited = profile.consumerTimeout === 'closes-channel'
  return {
    ...brokerDefaults,
    version,
    heartbeat: values.heartbeat,
    channelMax: values.channel_max,
    maxMessageSize: values.max_message_size ?? profile.maxMessageSize,
    consumerTimeout: isLimited ? values.consumer_timeout : Infinity,
    permits: permitsIn(values),
    channelTickInterval: values.channel_tick_interval,
    confirmsAfter: values['confirms-after'],
    recreations: Object.entries(values.queues).flatMap(([queue, { 'recreated-at': at }]) =>
      at === null ? [] : [{ queue, at }],
    ),
    memoryLimit: values['vm_memory_high_watermark.absolute'] ?? Infinity,
    diskFreeLimit: values['disk_free_limit.absolute'],
    disk: { ...diskProfiles[values.disk], capacity: values['disk-size'] },
  }
}
