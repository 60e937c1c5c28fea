import { delivered, effectApplied, submitted } from '../history/facts.ts'
import type { History } from '../history/history.ts'
import { parseDuration } from '../scenario/quantity.ts'

/** What somebody saw in production: how many effects (or deliveries) one operation had, and how far apart they were. */
export interface Symptom {
  readonly of: 'effects' | 'deliveries'
  /** An operation or message by name; any where nothing is said. */
  readonly item: string | undefined
  readonly count: { readonly least: number; readonly most: number }
  /** µs between the first and the last. */
  readonly gap: { readonly least: number; readonly most: number }
}

/** Reads `effects(op)=2, gap 30s..40s`; nothing where it cannot be understood. `op` and `message` stand for any. */
export function parseSymptom(text: string): Symptom | undefined {
  const [first = '', second, ...rest] = text.split(',').map((part) => part.trim())
  const [, of, item = '', counted = ''] = /^(effects|deliveries)\(([^)]*)\)\s*=\s*(\S+)$/.exec(first) ?? []
  const count = rangeOf(counted, wholeNumber)
  const gap = second === undefined ? everywhere : rangeOf(second.replace(/^gap\s+/, ''), parseDuration)
  if ((of !== 'effects' && of !== 'deliveries') || count === undefined || gap === undefined || rest.length > 0)
    return undefined
  return { of, item: ['op', 'operation', 'message', ''].includes(item) ? undefined : item, count, gap }
}

const everywhere = { least: 0, most: Infinity }

function rangeOf(text: string, parse: (text: string) => number | undefined): Symptom['gap'] | undefined {
  const [low = '', high = low] = text.split('..')
  const [least, most] = [low === '' ? 0 : parse(low), high === '' ? Infinity : parse(high)]
  return least === undefined || most === undefined || least > most ? undefined : { least, most }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** Whether some operation of the run shows it. */
export function hasSymptom(history: History, symptom: Symptom): boolean {
  return showing(history, symptom).size > 0
}

/** The operations, or messages, of the run that show it, by name. */
export function showing(history: History, { of, item, count, gap }: Symptom): ReadonlySet<string> {
  const [kind, field] = of === 'effects' ? [effectApplied.name, 'operation'] : [delivered.name, 'message']
  const times = new Map<string, number[]>()
  const sent = new Set<string>()
  for (const fact of history) {
    if (fact.kind === submitted.name) sent.add(history.names.text(Number(fact[field])))
    if (fact.kind !== kind) continue
    const name = `${history.names.text(Number(fact[field]))} ${history.names.text(Number(fact['service']))}`
    times.set(name, [...(times.get(name) ?? []), fact.time])
  }
  const seenAnywhere = new Set([...times.keys()].map((name) => name.split(' ')[0] ?? ''))
  for (const name of sent) if (!seenAnywhere.has(name)) times.set(name, [])
  const names = [...times].flatMap(([name, seen]) => {
    const apart = (seen.at(-1) ?? 0) - (seen[0] ?? 0)
    const [called = ''] = name.split(' ')
    const isMeant = item === undefined || called === item
    return isMeant && within(seen.length, count) && within(apart, gap) ? [called] : []
  })
  return new Set(names)
}

function within(value: number, { least, most }: Symptom['gap']): boolean {
  return value >= least && value <= most
}
