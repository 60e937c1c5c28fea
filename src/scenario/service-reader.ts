import { z } from 'zod'
import type {
  Address,
  AsksSpec,
  DuplicatesSpec,
  FailureSpec,
  ForwardsSpec,
  HandlingSpec,
  ReceivesSpec,
  SendsSpec,
  ServiceSpec,
} from '../application/service.ts'
import type { Interleaving } from '../application/operations.ts'
import { millisecond, second } from '../simulation/duration.ts'
import type { Settings } from '../systems/option.ts'
import type { Use } from '../systems/system.ts'
import type { ConfigurationFiles } from './configuration-files.ts'
import type { KnownSystems } from './system-reader.ts'
import { readAddress } from './system-reader.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent, itemsOf } from './reading.ts'
import {
  asksSchema,
  forwardsSchema,
  handlingSchema,
  receivesSchema,
  sendsSchema,
  serviceShape,
} from './service-schema.ts'
import { readSettings } from './settings.ts'
import type { SourceNode } from './source-tree.ts'
import { overlaid } from './source-tree.ts'
import type { TraceReader } from './trace.ts'
import type { KnownStores } from './strategy-reader.ts'
import { readStrategy } from './strategy-reader.ts'
import { listed, mapSchema } from './value-schema.ts'
import { readWorkload } from './workload-reader.ts'

/** A use of a system by a service, with the places in the document that its problems point to. */
export interface PlacedUse {
  readonly system: string
  readonly use: Use
  readonly address: Spot
  readonly settings: Spot
}

/** What services are read with. */
export interface Surroundings {
  readonly reading: Reading
  readonly systems: KnownSystems
  readonly stores: KnownStores
  readonly traces: TraceReader
  readonly files: ConfigurationFiles
  /** Every use of a system, in the order of the document. */
  readonly uses: PlacedUse[]
}

/** The parts are left open here: they are read one by one, so that a mistake in one hides none in another. */
const outlineSchema = mapSchema('a service', {
  ...serviceShape,
  sends: z.unknown().optional(),
  receives: z.unknown().optional(),
  forwards: z.unknown().optional(),
  asks: z.unknown().optional(),
  handling: z.unknown().optional(),
})

/** A service of the scenario, or nothing when its outline is wrong. */
export function readService(around: Surroundings, name: string, spot: Spot): ServiceSpec | undefined {
  const outline = around.reading.read(outlineSchema, isAbsent(spot) ? emptyMap(spot) : spot)
  const members = outline?.members ?? 1
  const service: ServiceParts = { around, name, members, spot }
  const all = <T>(part: string, reader: (service: ServiceParts, item: Spot) => T | undefined): readonly T[] =>
    itemsOf(below(spot, part)).flatMap((item) => reader(service, item) ?? [])
  const parts = {
    sends: all('sends', readSends),
    receives: all('receives', readReceives),
    forwards: all('forwards', readForwards),
    asks: all('asks', readAsks),
    handling: readHandling(service),
  }
  refuseIdleParts(service)
  if (outline === undefined || parts.handling === undefined) return undefined
  return {
    name,
    members,
    zones: listed(outline.zones),
    replies: outline.replies ?? false,
    ...parts,
    handling: parts.handling,
  }
}

interface ServiceParts {
  readonly around: Surroundings
  readonly name: string
  readonly members: number
  readonly spot: Spot
}

function readSends(service: ServiceParts, item: Spot): SendsSpec | undefined {
  const spot = asMap(item, 'to')
  const written = read(service, sendsSchema, spot)
  const to = addressAt(service, spot, 'to')
  const settings = settingsOfUse(service, spot, 'producer', to, below(spot, 'to'))
  if (written === undefined || to === undefined || settings === undefined) return undefined
  const name = written.name ?? 'order'
  const workload = readWorkload(service.around, spot, written, name)
  if (workload === undefined) return undefined
  return {
    to,
    name,
    workload,
    after: written.after ?? 0,
    types: written.types ?? {},
    inFlight: written['in-flight'] ?? 100,
    duplicates: duplicatesOf(written.duplicates),
    onFailure: written['on-failure'] ?? 'give-up',
    afterRestart: written['after-restart'] ?? 'continue',
    settings,
  }
}

function duplicatesOf(written: z.output<typeof sendsSchema>['duplicates']): DuplicatesSpec | undefined {
  if (written === null || written === undefined) return undefined
  const { messages, probability, after, id } = typeof written === 'number' ? { probability: written } : written
  return { messages: listed(messages), probability: probability ?? 1, after: after ?? 0, id: id ?? 'new' }
}

function readReceives(service: ServiceParts, item: Spot): ReceivesSpec | undefined {
  const spot = asMap(item, 'from')
  const written = read(service, receivesSchema, spot)
  const from = addressAt(service, spot, 'from')
  const group = written?.group ?? service.name
  const settings = settingsOfUse(service, spot, 'consumer', from, below(spot, 'from'), group)
  if (written === undefined || from === undefined || settings === undefined) return undefined
  return { from, group, after: written.after ?? 0, limit: written.limit ?? 1, settings }
}

function readForwards(service: ServiceParts, item: Spot): ForwardsSpec | undefined {
  const spot = asMap(item, 'to')
  const written = read(service, forwardsSchema, spot)
  const to = addressAt(service, spot, 'to')
  const settings = settingsOfUse(service, spot, 'producer', to, below(spot, 'to'))
  if (written === undefined || to === undefined || settings === undefined) return undefined
  return { to, name: written.name ?? 'output', count: written.count ?? 1, settings }
}

function readAsks(service: ServiceParts, spot: Spot): AsksSpec | undefined {
  const written = read(service, asksSchema, spot)
  const requests = addressAt(service, spot, 'requests')
  const replies = addressAt(service, spot, 'replies')
  const settings = settingsOfUse(service, spot, 'producer', requests, below(spot, 'requests'))
  const replySettings = settingsOfUse(service, spot, 'consumer', replies, below(spot, 'replies'), service.name)
  if (written === undefined || requests === undefined || replies === undefined) return undefined
  if (requests.system !== replies.system) {
    const { reading } = service.around
    reading.refuse(
      below(spot, 'replies'),
      `expected an address of ${requests.system}: replies go by the system of the requests`,
    )
    return undefined
  }
  const name = written.name ?? 'request'
  const workload = readWorkload(service.around, spot, written, name)
  if (workload === undefined || settings === undefined || replySettings === undefined) return undefined
  return {
    requests,
    replies,
    name,
    workload,
    timeout: written.timeout ?? 5 * second,
    registers: written.registers ?? 'before-send',
    gap: written.gap ?? millisecond,
    onTimeout: written['on-timeout'] ?? 'give-up',
    correlation: written.correlation ?? 'checked',
    inFlight: written['in-flight'] ?? 1000,
    settings,
    replySettings,
  }
}

function readHandling(service: ServiceParts): HandlingSpec | undefined {
  const { reading, stores } = service.around
  const spot = below(service.spot, 'handling')
  const written = isAbsent(spot) ? {} : reading.read(handlingSchema, spot)
  // Said even where something else of the handling is wrong.
  const strategy = readStrategy(reading, stores, spot)
  if (written === undefined || strategy === undefined) return undefined
  return {
    takes: written.takes ?? millisecond,
    varies: written.varies ?? 0,
    ...strategy,
    effect: written.effect === 'none' ? undefined : (written.effect ?? service.name),
    concurrency: written.concurrency ?? 1,
    acknowledge: written.acknowledge ?? 'after',
    fails: failureOf(written.fails),
    onError: written['on-error'] ?? 'requeue',
    interleaving: interleavingOf(written.interleave),
    knows: written.knows === null || written.knows === undefined ? undefined : listed(written.knows),
    onUnknown: written['on-unknown'] ?? 'acknowledge',
  }
}

function interleavingOf(written: z.output<typeof handlingSchema>['interleave']): Interleaving | undefined {
  if (written === null || written === undefined) return undefined
  const { order, freely, from, every } = written
  return { order, freely: listed(freely), from: from ?? second, every: every ?? 20 * millisecond }
}

function failureOf(written: z.output<typeof handlingSchema>['fails']): FailureSpec | undefined {
  if (written === null || written === undefined) return undefined
  const { messages, probability, attempts } = written
  return {
    messages: listed(messages),
    probability: probability ?? 1,
    attempts: attempts === 'always' ? Infinity : (attempts ?? Infinity),
  }
}

/** Options and handling that nothing makes use of are a slip: what they say would silently not be so. */
function refuseIdleParts({ around: { reading }, spot }: ServiceParts): void {
  const has = (...parts: readonly string[]): boolean => parts.some((part) => !isAbsent(below(spot, part)))
  if (has('producer') && !has('sends', 'forwards', 'asks', 'replies'))
    reading.refuseName(
      spot,
      'producer',
      'expected a service that sends, found options of a producer in one that does not',
    )
  if (has('consumer') && !has('receives', 'asks'))
    reading.refuseName(
      spot,
      'consumer',
      'expected a service that receives, found options of a consumer in one that does not',
    )
  for (const part of ['handling', 'forwards', 'replies']) {
    if (has(part) && !has('receives'))
      reading.refuseName(spot, part, `expected a service that receives, found ${part} in one that does not`)
  }
}

/** A service of which nothing is said. */
function emptyMap({ node, path }: Spot): Spot {
  return { path, node: { kind: 'map', entries: new Map(), place: node.place } }
}

/** A bare address stands for a map with nothing else. */
function asMap(spot: Spot, name: string): Spot {
  const { node, path } = spot
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return spot
  return { path, node: { kind: 'map', place: node.place, entries: new Map([[name, { key: node.place, node }]]) } }
}

function read<T>({ around: { reading } }: ServiceParts, schema: z.ZodType<T>, spot: Spot): T | undefined {
  return reading.read(schema, spot)
}

function addressAt({ around: { reading, systems } }: ServiceParts, spot: Spot, key: string): Address | undefined {
  const node = below(spot, key)
  return isAbsent(node) ? undefined : readAddress(reading, systems, node)
}

/** The options of the service for all it sends or receives, under those of this very use; notes the use. */
function settingsOfUse(
  { around, name, members, spot }: ServiceParts,
  part: Spot,
  role: Use['role'],
  address: Address | undefined,
  addressSpot: Spot,
  group = '',
): Settings | undefined {
  const known = address === undefined ? undefined : around.systems.get(address.system)
  if (address === undefined || known === undefined) return undefined
  const [general, own] = [below(spot, role), below(part, role)]
  const { reading, files } = around
  const { kind } = known
  const nodeOf = (written: Spot): SourceNode => files.resolved(reading, written, kind.files?.[role])
  const node = isAbsent(own) ? nodeOf(general) : overlaid(isAbsent(general) ? undefined : nodeOf(general), nodeOf(own))
  const settingsSpot = { node, path: isAbsent(own) ? general.path : own.path }
  const table = role === 'producer' ? kind.producerOptions : kind.consumerOptions
  const settings = readSettings(reading, table, settingsSpot, (option) => kind.reasonWithoutMeaning?.(role, option))
  if (settings === undefined) return undefined
  const use: Use = { service: name, members, role, address: address.path, group, settings }
  around.uses.push({ system: address.system, use, address: addressSpot, settings: settingsSpot })
  return settings
}
