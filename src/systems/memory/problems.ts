import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { memoryOptions } from './options.ts'
import type { Topology } from './topology.ts'
import { topologyOf } from './topology.ts'

/** What contradicts itself in a broker's options, and the uses of addresses that it does not have. */
export function problemsOf(settings: Settings, uses: readonly Use[]): readonly SettingProblem[] {
  const topology = topologyOf(settings)
  return [
    ...sharedNames(settings),
    ...queueProblems(settings, topology),
    ...uses.flatMap((use) => addressProblem(use, topology)),
  ]
}

function sharedNames(settings: Settings): readonly SettingProblem[] {
  const { topics } = valuesOf(memoryOptions, settings)
  const { queues } = topologyOf(settings)
  return Object.keys(topics)
    .filter((name) => queues.has(name))
    .map((name) => ({
      path: ['topics', name],
      message: `${name} is a queue already: an address is one or the other`,
      suggestion: 'give one of them another name',
    }))
}

function queueProblems(settings: Settings, topology: Topology): readonly SettingProblem[] {
  const { queues } = valuesOf(memoryOptions, settings)
  return Object.entries(queues).flatMap(([name, queue]) => {
    const problems: SettingProblem[] = []
    if (queue['dead-letter'] === name) {
      problems.push({
        path: ['queues', name, 'dead-letter'],
        message: `${name} cannot be its own dead-letter queue: what it gives up would come back for ever`,
        suggestion: `${name}.dead`,
      })
    }
    if (queue['redrive-after'] !== null && topology.queues.get(name)?.deadLetterQueue === undefined) {
      problems.push({
        path: ['queues', name, 'redrive-after'],
        message: `${name} has no dead-letter queue that could be redriven`,
        suggestion: 'leave out redrive-after, or name a dead-letter queue',
      })
    }
    return problems
  })
}

function addressProblem(use: Use, { queues, topics }: Topology): readonly SettingProblem[] {
  if (queues.has(use.address) || topics.includes(use.address)) return []
  const known = [...queues.keys(), ...topics]
  return [
    {
      use,
      path: ['address'],
      message: `there is no queue or topic ${use.address}`,
      suggestion:
        known.length === 0 ? `declare it: queues: { ${use.address}: {} }` : `one of ${known.join(', ')}, or declare it`,
    },
  ]
}
