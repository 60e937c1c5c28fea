import { memory } from './memory/memory.ts'
import type { SystemKind } from './system.ts'

/** Every product that can be used in a scenario. */
export const systemKinds: readonly SystemKind[] = [memory]

/** Products that are to come: a scenario that names one is told so. */
export const plannedSystems: readonly string[] = ['kafka', 'rabbitmq', 'redis', 'sqs', 'kinesis']

export function systemKindOf(name: string): SystemKind | undefined {
  return systemKinds.find((kind) => kind.name === name)
}

/** Why there is no product of that name, and what to write instead. */
export function missingSystem(name: string): { readonly message: string; readonly suggestion: string } {
  const suggestion = `one of ${systemKinds.map((kind) => kind.name).join(', ')}`
  const planned = plannedSystems.includes(name.toLowerCase())
  return { message: planned ? `${name} is planned but not there yet` : `there is no product ${name}`, suggestion }
}
