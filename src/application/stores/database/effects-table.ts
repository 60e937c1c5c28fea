import type { Effect } from '../store.ts'
import type { Insert, TableDefinition } from './statement.ts'

/** By what an effect is recognised that is there already. */
export type UniqueEffect = 'none' | 'message' | 'operation'

/** Effects that are applied as they come, one row each. */
export function effectsTable(unique: UniqueEffect): TableDefinition {
  return {
    name: 'effects',
    columns: [
      { name: 'id', type: 'integer', default: 'serial' },
      { name: 'service', type: 'text', notNull: true },
      { name: 'effect', type: 'text', notNull: true },
      { name: 'message', type: 'text', notNull: true },
      { name: 'operation', type: 'text', notNull: true },
      { name: 'key', type: 'text', notNull: true },
      { name: 'version', type: 'integer', notNull: true },
      { name: 'value', type: 'integer', notNull: true },
    ],
    primaryKey: ['id'],
    uniqueKeys: unique === 'none' ? [] : [['service', 'effect', unique]],
  }
}

export function insertEffect(effect: Effect, unique: UniqueEffect, text: (name: number) => string): Insert {
  const { service, key, version, value } = effect
  const row = {
    ...{ service, effect: effect.effect, key, version, value },
    ...{ message: text(effect.message), operation: text(effect.operation) },
  }
  return {
    kind: 'insert',
    into: 'effects',
    rows: [row],
    ...(unique === 'none' ? {} : { onConflict: { action: 'nothing' } }),
    effect,
  }
}
