import type { DiskProfile } from '../../../simulation/disk.ts'
import { diskProfiles } from '../../../simulation/disk.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { ServiceProfile } from '../../../simulation/service.ts'
import type { Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import type { Version } from '../core/version.ts'
import { versions } from '../core/version.ts'
import type { SystemValues } from '../options/system-table.ts'
import { systemTable } from '../options/system-table.ts'

/** Bytes that close a connection at once, and those that do after a while; `Infinity` for no limit. */
export interface OutputLimit {
  readonly hard: number
  readonly soft: number
  readonly softFor: Micros
}

/** A snapshot is written when there were so many writes and the last one is so long ago. */
export interface SaveRule {
  readonly after: Micros
  readonly writes: number
}

export interface ServerSettings {
  readonly version: Version
  readonly values: SystemValues
  readonly saveRules: readonly SaveRule[]
  readonly pubsubLimit: OutputLimit
  readonly replicaLimit: OutputLimit
  readonly service: ServiceProfile
  readonly disk: DiskProfile
}

export function serverSettingsOf(settings: Settings, version: string): ServerSettings {
  const values = valuesOf(systemTable, settings)
  return {
    version: versionOf(version),
    values,
    saveRules: saveRulesIn(values.save) ?? [],
    pubsubLimit: outputLimitIn(values['client-output-buffer-limit'].pubsub) ?? noLimit,
    replicaLimit: outputLimitIn(values['client-output-buffer-limit'].replica) ?? noLimit,
    service: { servers: 1, perRequest: values['time-per-request'], perKibibyte: 0 },
    disk: diskProfiles[values.disk],
  }
}

function versionOf(name: string): Version {
  const version = versions.find((known) => known === name)
  if (version === undefined)
    throw new Error(`There is no version ${name} of Redis; the scenario should have been refused.`)
  return version
}

const noLimit: OutputLimit = { hard: Infinity, soft: Infinity, softFor: 0 }

/** `3600 1 300 100`; nothing where it is not written so. */
export function saveRulesIn(text: string): readonly SaveRule[] | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length % 2 !== 0 || !words.every((word) => /^[1-9]\d*$/.test(word))) return undefined
  return words.flatMap((word, place) =>
    place % 2 === 0 ? [{ after: Number(word) * second, writes: Number(words[place + 1]) }] : [],
  )
}

/** `32mb 8mb 60`; nothing where it is not written so. */
export function outputLimitIn(text: string): OutputLimit | undefined {
  const [, hard, soft, seconds] = /^\s*(\d+[kmg]?b?)\s+(\d+[kmg]?b?)\s+(\d+)\s*$/i.exec(text) ?? []
  if (hard === undefined || soft === undefined) return undefined
  return { hard: limitIn(hard), soft: limitIn(soft), softFor: Number(seconds) * second }
}

/** Redis counts `1k` as 1,000 and `1kb` as 1,024; 0 is no limit. */
function limitIn(text: string): number {
  const [, digits = '0', unit = '', binary = ''] = /^(\d+)([kmg]?)(b?)$/i.exec(text) ?? []
  const thousand = binary === '' ? 1000 : 1024
  let bytes = Number(digits)
  for (let left = ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase()); left > 0; left--) bytes *= thousand
  return bytes === 0 ? Infinity : bytes
}
