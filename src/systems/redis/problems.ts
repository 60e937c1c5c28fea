import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { isAtLeast, versions } from './core/version.ts'
import type { Version } from './core/version.ts'
import { systemTable } from './options/system-table.ts'
import { topologyOf } from './options/topology.ts'
import { differentPops, useProblems } from './problems-of-uses.ts'
import { outputLimitIn, saveRulesIn } from './server/server-settings.ts'

/** What contradicts itself in the options of a system, and uses of addresses or options that are not there. */
export function problemsOf(settings: Settings, uses: readonly Use[], version: string): readonly SettingProblem[] {
  const topology = topologyOf(settings)
  const named = versions.find((known) => known === version) ?? '8.8'
  return [
    ...sharedNames(settings),
    ...serverProblems(settings),
    ...tooNew(settings, named),
    ...uses.flatMap((use) => useProblems(use, settings, topology, named)),
    ...differentPops(uses),
  ]
}

function sharedNames(settings: Settings): readonly SettingProblem[] {
  const { streams, lists, channels } = valuesOf(systemTable, settings)
  return [
    ...twice('lists', lists, Object.keys(streams)),
    ...twice('channels', channels, [...Object.keys(streams), ...Object.keys(lists)]),
  ]
}

function twice(map: string, names: object, taken: readonly string[]): readonly SettingProblem[] {
  return Object.keys(names)
    .filter((name) => taken.includes(name))
    .map((name) => ({
      path: [map, name],
      message: `${name} is declared twice: an address is a stream, a list or a channel`,
      suggestion: 'give one of them another name',
    }))
}

function serverProblems(settings: Settings): readonly SettingProblem[] {
  const values = valuesOf(systemTable, settings)
  const problems: SettingProblem[] = []
  if (saveRulesIn(values.save) === undefined)
    problems.push({
      path: ['save'],
      message: `${values.save} is no list of pairs of seconds and writes`,
      suggestion: '3600 1 300 100 60 10000',
    })
  for (const who of ['pubsub', 'replica'] as const) {
    const text = values['client-output-buffer-limit'][who]
    if (outputLimitIn(text) === undefined)
      problems.push({
        path: ['client-output-buffer-limit', who],
        message: `${text} is no limit: a hard one, a soft one, and the seconds of the soft one`,
        suggestion: '32mb 8mb 60',
      })
  }
  if (values.sentinels > 0 && values.quorum > values.sentinels)
    problems.push({
      path: ['quorum'],
      message: `a quorum of ${values.quorum} is never reached by ${values.sentinels} Sentinels`,
      suggestion: String(Math.floor(values.sentinels / 2) + 1),
    })
  if (values.sentinels > 0 && values.replicas === 0)
    problems.push({
      path: ['sentinels'],
      message: 'there is no replica that could become the master',
      suggestion: 'replicas: 2',
    })
  if (values['min-replicas-to-write'] > values.replicas)
    problems.push({
      path: ['min-replicas-to-write'],
      message: `there are never ${values['min-replicas-to-write']} replicas, so that nothing could be written`,
      suggestion: `replicas: ${values['min-replicas-to-write']}`,
    })
  for (const [place, priority] of values['replica-priority'].entries())
    if (!/^\d+$/.test(priority))
      problems.push({ path: ['replica-priority', place], message: `${priority} is no priority`, suggestion: '100' })
  return problems
}

/** Options of `redis.conf` that the version does not have. */
function tooNew({ explicit }: Settings, version: Version): readonly SettingProblem[] {
  return ['stream-idmp-duration', 'stream-idmp-maxsize']
    .filter((option) => explicit.includes(option) && !isAtLeast(version, '8.6'))
    .map((option) => ({
      path: [option],
      message: `Redis ${version} does not know it: it came with 8.6`,
      suggestion: `version: '8.6'`,
    }))
}
