import { column, compare, excluded } from '../stores/database/expression.ts'
import type { Insert, TableDefinition } from '../stores/database/statement.ts'
import type { Handling, StrategyContext } from './strategy.ts'

/** How far each service has got in each partition. */
export const positionTable: TableDefinition = {
  name: 'positions',
  columns: [
    { name: 'service', type: 'text' },
    { name: 'partition', type: 'text' },
    { name: 'position', type: 'integer' },
  ],
  primaryKey: ['service', 'partition'],
  uniqueKeys: [],
}

/** Moves the position of the partition on to this delivery; changes nothing where it is there already, or beyond. */
export function movePosition({ service, channel }: StrategyContext, { delivery }: Handling): Insert {
  const partition = `${channel}/${delivery.partition}`
  return {
    kind: 'insert',
    into: positionTable.name,
    rows: [{ service, partition, position: delivery.position }],
    onConflict: {
      action: 'update',
      key: positionTable.primaryKey,
      set: { position: excluded('position') },
      where: compare(column('position'), '<', excluded('position')),
    },
  }
}

/** Why a delivery cannot be handled by position at all. */
export const noPosition = { kind: 'park', reason: 'the system gives its messages no positions' } as const
