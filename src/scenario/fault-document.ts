import type { Anchor, Fault, FaultCut, ParameterValue } from '../simulation/fault.ts'
import type { Catalogue } from './catalogue.ts'
import { formatDuration, formatProbability } from './quantity.ts'

type Document = Readonly<Record<string, unknown>>

export function faultDocument(fault: Fault, catalogue: Catalogue): Document {
  const { action, targets, parameters, strikes, duration } = fault
  const kind = catalogue.faultKinds.find(({ name }) => name === action)
  const groups = targets.map((group) => alone(group))
  return {
    ...('at' in strikes
      ? { at: formatDuration(strikes.at) }
      : { when: anchorDocument(strikes.when, catalogue), ...cutDocument(strikes.cut) }),
    [action]: kind?.takes === 'nodes' ? groups[0] : groups,
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, parameterText(value, kind?.parameters[name]?.type)]),
    ),
    ...(duration === undefined ? {} : { for: formatDuration(duration) }),
  }
}

function anchorDocument({ fact, at, values, nth }: Anchor, { facts, kinds }: Catalogue): Document {
  const fields = [...facts, ...kinds.flatMap((kind) => kind.facts)].find(({ name }) => name === fact)?.fields ?? {}
  const texts = Object.entries(values).map(([field, value]) => [
    field,
    fields[field] === 'micros' && typeof value === 'number' ? formatDuration(value) : value,
  ])
  return {
    fact,
    ...(at === undefined ? {} : { at }),
    ...Object.fromEntries(texts),
    ...(nth === 1 ? {} : { nth }),
  }
}

function cutDocument(cut: FaultCut): Document {
  return { cut: typeof cut === 'string' ? cut : { 'after-sends': cut.afterSends } }
}

function parameterText(value: ParameterValue, type: string | undefined): ParameterValue {
  if (typeof value !== 'number') return value
  if (type === 'duration') return formatDuration(value)
  return type === 'probability' ? formatProbability(value) : value
}

function alone(group: readonly string[]): string | readonly string[] {
  const [only] = group
  return only !== undefined && group.length === 1 ? only : group
}
