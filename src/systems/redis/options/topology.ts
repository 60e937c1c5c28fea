import type { Micros } from '../../../simulation/duration.ts'
import type { Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import { systemTable } from './system-table.ts'

/** What an address is, which decides what its producers and consumers do. */
export type Place = 'stream' | 'list' | 'channel'

/** What is declared. Keys come into being when something is put into them, as ever in Redis. */
export interface Topology {
  readonly places: ReadonlyMap<string, Place>
  /** When somebody deletes which key. */
  readonly deletions: readonly { readonly key: string; readonly at: Micros }[]
}

export function topologyOf(settings: Settings): Topology {
  const { streams, lists, channels } = valuesOf(systemTable, settings)
  const places = new Map<string, Place>()
  for (const name of Object.keys(streams)) places.set(name, 'stream')
  for (const name of Object.keys(lists)) places.set(name, 'list')
  for (const name of Object.keys(channels)) places.set(name, 'channel')
  const deletions = Object.entries({ ...streams, ...lists }).flatMap(([key, { 'deleted-at': at }]) =>
    at === null ? [] : [{ key, at }],
  )
  return { places, deletions }
}

/** The list where the elements of another one are while somebody works on them. */
export function processingListOf(list: string, named: string | null): string {
  return named ?? `${list}:processing`
}
