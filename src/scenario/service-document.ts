import type {
  Arrival,
  AsksSpec,
  DuplicatesSpec,
  ForwardsSpec,
  HandlingSpec,
  ReceivesSpec,
  SendsSpec,
  ServiceSpec,
  StrategyUse,
  Workload,
} from '../application/service.ts'
import { addressText } from '../application/service.ts'
import type { SystemKind } from '../systems/system.ts'
import type { StrategyChoice } from './catalogue.ts'
import { formatDuration, formatProbability, formatRate, formatSize } from './quantity.ts'
import { settingsDocument } from './settings-document.ts'

type Document = Readonly<Record<string, unknown>>

/** The product behind the name of a system. */
export type KindOf = (system: string) => SystemKind | undefined

export function serviceDocument(service: ServiceSpec, kindOf: KindOf, strategies: readonly StrategyChoice[]): Document {
  const { name, members, zones, sends, receives, forwards, asks, handling, replies } = service
  return compact({
    members: members === 1 ? undefined : members,
    zones,
    sends: sends.map((spec) => sendsDocument(spec, kindOf)),
    receives: receives.map((spec) => receivesDocument(spec, kindOf)),
    forwards: forwards.map((spec) => forwardsDocument(spec, kindOf)),
    asks: asks.map((spec) => asksDocument(spec, kindOf)),
    handling: receives.length === 0 ? undefined : handlingDocument(handling, name, strategies),
    replies: replies ? true : undefined,
  })
}

function sendsDocument(spec: SendsSpec, kindOf: KindOf): Document {
  return compact({
    to: addressText(spec.to),
    name: spec.name,
    ...workloadDocument(spec.workload),
    after: formatDuration(spec.after),
    types: spec.types,
    'in-flight': spec.inFlight,
    duplicates: duplicatesDocument(spec.duplicates),
    'on-failure': spec.onFailure,
    'after-restart': spec.afterRestart,
    producer: settingsDocument(kindOf(spec.to.system)?.producerOptions ?? {}, spec.settings),
  })
}

function duplicatesDocument(duplicates: DuplicatesSpec | undefined): unknown {
  if (duplicates === undefined) return undefined
  const { messages, probability, after, id } = duplicates
  return { messages, probability: formatProbability(probability), after: formatDuration(after), id }
}

function receivesDocument({ from, group, after, limit, settings }: ReceivesSpec, kindOf: KindOf): Document {
  return compact({
    from: addressText(from),
    group,
    after: formatDuration(after),
    limit,
    consumer: settingsDocument(kindOf(from.system)?.consumerOptions ?? {}, settings),
  })
}

function forwardsDocument({ to, name, count, settings }: ForwardsSpec, kindOf: KindOf): Document {
  const producer = settingsDocument(kindOf(to.system)?.producerOptions ?? {}, settings)
  return compact({ to: addressText(to), name, count, producer })
}

function asksDocument(spec: AsksSpec, kindOf: KindOf): Document {
  return compact({
    requests: addressText(spec.requests),
    replies: addressText(spec.replies),
    name: spec.name,
    ...workloadDocument(spec.workload),
    timeout: formatDuration(spec.timeout),
    registers: spec.registers,
    gap: formatDuration(spec.gap),
    'on-timeout': spec.onTimeout,
    correlation: spec.correlation,
    'in-flight': spec.inFlight,
    producer: settingsDocument(kindOf(spec.requests.system)?.producerOptions ?? {}, spec.settings),
    consumer: settingsDocument(kindOf(spec.replies.system)?.consumerOptions ?? {}, spec.replySettings),
  })
}

function workloadDocument(workload: Workload): Document {
  if (workload.kind === 'trace') {
    const messages = workload.messages.map(({ time, ...message }) =>
      present({ time: formatDuration(time), ...message }),
    )
    return { trace: messages }
  }
  const { messages, arrival, keys, keyChoice, size, type } = workload
  return {
    messages,
    ...arrivalDocument(arrival),
    keys: keyChoice === 'in-turn' ? keys : { count: keys, choice: keyChoice },
    size: size % 1024 === 0 ? formatSize(size) : size,
    type,
  }
}

function arrivalDocument(arrival: Arrival): Document {
  switch (arrival.kind) {
    case 'constant':
      return { rate: formatRate(arrival.perSecond) }
    case 'poisson':
      return { arrival: { poisson: formatRate(arrival.perSecond) } }
    case 'burst':
      return { arrival: { burst: arrival.size, every: formatDuration(arrival.every) } }
  }
}

function handlingDocument(handling: HandlingSpec, service: string, strategies: readonly StrategyChoice[]): Document {
  const {
    takes,
    varies,
    strategy,
    store,
    effect,
    concurrency,
    acknowledge,
    fails,
    interleaving,
    onError,
    knows,
    onUnknown,
  } = handling
  return present({
    takes: formatDuration(takes),
    varies: varies === 0 ? undefined : formatProbability(varies),
    strategy: strategyDocument(strategy, strategies),
    store,
    effect: effect === undefined ? 'none' : effect === service ? undefined : effect,
    concurrency,
    acknowledge,
    interleave:
      interleaving === undefined
        ? undefined
        : {
            order: interleaving.order,
            ...(interleaving.freely.length === 0 ? {} : { freely: interleaving.freely }),
            from: formatDuration(interleaving.from),
            every: formatDuration(interleaving.every),
          },
    // No type at all is not the same as every type.
    knows,
    fails:
      fails === undefined
        ? undefined
        : {
            messages: fails.messages,
            probability: formatProbability(fails.probability),
            attempts: fails.attempts === Infinity ? 'always' : fails.attempts,
          },
    'on-error': onError,
    'on-unknown': onUnknown,
  })
}

/** Its name alone where nothing of it is set. */
function strategyDocument({ name, settings }: StrategyUse, strategies: readonly StrategyChoice[]): unknown {
  const options = strategies.find((strategy) => strategy.name === name)?.options ?? {}
  const document = settingsDocument(options, settings)
  return Object.keys(document).length === 0 ? name : { [name]: document }
}

function present(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined))
}

/** Without what is nothing: undefined, empty lists and empty maps. */
export function compact(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => !isNothing(value)))
}

function isNothing(value: unknown): boolean {
  if (value === undefined) return true
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
