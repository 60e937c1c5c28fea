import type { OptionTable, Settings } from '../../option.ts'
import { defaultSettings, valuesOf } from '../../option.ts'
import type { Use } from '../../system.ts'
import type { ConsumerValues, ProducerValues } from './client-table.ts'
import { consumerTable, producerTable } from './client-table.ts'

/** The group of a use that names none is that of its service. */
export function groupOf({ group, service }: Use): string {
  return group === '' ? service : group
}

export function producerValues(settings: Settings): ProducerValues {
  return valuesOf(producerTable, complete(producerTable, settings))
}

export function consumerValues(settings: Settings): ConsumerValues {
  return valuesOf(consumerTable, complete(consumerTable, settings))
}

/** The lists that a pop of this consumer is for besides the one of its address. */
export function furtherLists({ role, settings }: Use): readonly string[] {
  return role === 'consumer' ? consumerValues(settings)['and-then'] : []
}

/** A service that answers requests sends with the settings of its consumer: what a producer would set is the default there. */
function complete(table: OptionTable, { values, explicit }: Settings): Settings {
  return { values: { ...defaultSettings(table).values, ...values }, explicit }
}
