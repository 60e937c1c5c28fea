import type { z } from 'zod'
import type { ServiceSpec } from '../application/service.ts'
import type { SettlingOptions } from '../simulation/settling.ts'
import { settlingDefaults } from '../simulation/settling.ts'
import type { Catalogue } from './catalogue.ts'
import type { ReadConfiguration } from './configuration-files.ts'
import { ConfigurationFiles } from './configuration-files.ts'
import { readExpectations, readThresholds } from './expectation-reader.ts'
import type { IsMessage } from './fault-reader.ts'
import { readFaults } from './fault-reader.ts'
import { readNetwork } from './network-reader.ts'
import type { ScenarioProblem } from './problem.ts'
import type { Spot } from './reading.ts'
import { below, isAbsent, namesOf, Reading } from './reading.ts'
import type { Prediction, Scenario, StoreUse, SystemUse } from './scenario.ts'
import { frontShape, nemesisSchema, otherwiseSchema, predictSchema, sections, settleSchema } from './scenario-schema.ts'
import type { DroppedSecrets } from './secrets.ts'
import type { PlacedUse, Surroundings } from './service-reader.ts'
import { readService } from './service-reader.ts'
import type { SourceNode } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import type { KnownSystems } from './system-reader.ts'
import { readNames, readStores, readSystems } from './system-reader.ts'
import type { PlacedTarget } from './target-places.ts'
import { checkTargetsByName, targetsIn } from './target-places.ts'
import type { ReadText } from './trace.ts'
import { TraceReader } from './trace.ts'
import { mapSchema } from './value-schema.ts'

export interface ReadOptions extends Pick<Scenario, 'name' | 'variant' | 'otherwise'> {
  readonly readText: ReadText
  readonly secrets: DroppedSecrets
}

/** What a document says, with the variant laid over it already. The scenario is there only if nothing is wrong. */
export function readScenario(
  node: SourceNode,
  catalogue: Catalogue,
  { name, variant, otherwise, readText, secrets }: ReadOptions,
): {
  readonly scenario: Scenario | undefined
  readonly problems: readonly ScenarioProblem[]
  readonly targets: readonly PlacedTarget[]
  readonly configurations: readonly ReadConfiguration[]
} {
  const reading = new Reading(catalogue)
  const document: Spot = { node, path: [] }
  if (!isDocument(reading, document))
    return { scenario: undefined, problems: reading.problems, targets: [], configurations: [] }
  const front = readFront(reading, document)
  const files = new ConfigurationFiles(readText, secrets)
  const systems = readSystems(reading, below(document, 'systems'), files)
  const stores = readStores(reading, below(document, 'stores'))
  const traces = new TraceReader(readText, secrets)
  const around: Surroundings = { reading, systems, stores, traces, files, uses: [] }
  const services = readServices(around, below(document, 'services'))
  const serviceNames = namesOf(below(document, 'services'))
  refuseSharedNames(reading, document, [...systems.keys()], [...stores.keys()])
  refuseContradictions(reading, systems, around.uses)
  const isMessage = messagesOf(reading, below(document, 'services'), services)
  const network = readNetwork(reading, below(document, 'network'))
  const faults = readFaults(reading, below(document, 'faults'), isMessage)
  const nemesis = readOptional(reading, nemesisSchema(catalogue.nemeses), below(document, 'nemesis'))
  const settling = readSettling(reading, below(document, 'settle'))
  const expectations = readExpectations(reading, below(document, 'expect'), serviceNames)
  const others = readOptional(reading, otherwiseSchema, below(document, 'otherwise'))
  const thresholds = readThresholds(reading, below(document, 'thresholds'), serviceNames, receiversIn(document))
  const targets = targetsIn(
    document,
    catalogue.faultKinds.map((kind) => kind.name),
  )
  if (reading.problems.length > 0 || front === undefined || network === undefined || settling === undefined) {
    const names = ['systems', 'stores', 'services'].flatMap((section) => namesOf(below(document, section)))
    const refused = reading.problems.map(({ path }) => path)
    const wrongTargets = checkTargetsByName(
      targets.filter(({ path }) => !refused.some((odd) => path === odd || path.startsWith(`${odd}.`))),
      names,
    )
    return {
      scenario: undefined,
      problems: [...reading.problems, ...wrongTargets],
      targets,
      configurations: files.found,
    }
  }
  const scenario: Scenario = {
    name,
    ...front,
    systems: present(mapped(systems, (system) => system?.use)),
    stores: present(stores),
    services,
    network,
    faults,
    nemesis: nemesis === undefined ? undefined : { profile: nemesis.profile, duration: nemesis.for },
    settling,
    expectations,
    otherwise: others ?? otherwise,
    thresholds,
    variant,
  }
  return { scenario, problems: [], targets, configurations: files.found }
}

function receiversIn(document: Spot): readonly string[] {
  const services = below(document, 'services')
  return namesOf(services).filter((name) => !isAbsent(below(services, name, 'receives')))
}

const documentSchema = mapSchema('a scenario: a map with systems and services', {})

/** Whether it is a map, and has no keys that mean nothing. */
function isDocument(reading: Reading, document: Spot): boolean {
  if (document.node.kind !== 'map') {
    reading.read(documentSchema, document)
    return false
  }
  for (const key of namesOf(document)) {
    // Keys that begin with x- are for anchors and for notes.
    if (!includes(sections, key) && !key.startsWith('x-'))
      reading.refuseName(
        document,
        key,
        `there is no key ${JSON.stringify(key.slice(0, 60))} here`,
        suggestionFor(key, sections),
      )
  }
  return true
}

type Front = Pick<Scenario, 'title' | 'question' | 'predict' | 'why' | 'seed'>

function readFront(reading: Reading, document: Spot): Front | undefined {
  const text = (key: 'title' | 'question' | 'why' | 'seed'): string | null | undefined =>
    reading.read(frontShape[key], below(document, key))
  return {
    title: text('title') ?? '',
    question: text('question') ?? '',
    predict: readPrediction(reading, below(document, 'predict')),
    why: text('why') ?? '',
    seed: text('seed') ?? '1',
  }
}

function readPrediction(reading: Reading, spot: Spot): Prediction | undefined {
  const written = readOptional(reading, predictSchema, spot)
  if (written === undefined) return undefined
  const { ask, choices, usual, answer } = written
  for (const [key, choice] of [['usual', usual] as const, ['answer', answer] as const]) {
    if (choice !== null && choice !== undefined) reading.knows(below(spot, key), 'choice', choice, choices)
  }
  return { ask, choices, usual: usual ?? answer, answer }
}

function readServices(around: Surroundings, spot: Spot): readonly ServiceSpec[] {
  const services = readNames(around.reading, spot).flatMap((name) => readService(around, name, below(spot, name)) ?? [])
  if (namesOf(spot).length === 0 && (isAbsent(spot) || spot.node.kind === 'map'))
    around.reading.refuse(spot, 'expected services, found none', 'Say services: { shop: { sends: events/orders } }.')
  return services
}

/** A target or the source of a fact is found by name, so a name may mean one thing only. */
function refuseSharedNames(
  reading: Reading,
  document: Spot,
  systems: readonly string[],
  stores: readonly string[],
): void {
  const services = below(document, 'services')
  for (const name of namesOf(services)) {
    const other = systems.includes(name) ? 'system' : stores.includes(name) ? 'store' : undefined
    if (other !== undefined) reading.refuseName(services, name, `there is a ${other} named ${name} already`)
  }
  for (const name of stores.filter((store) => systems.includes(store)))
    reading.refuseName(below(document, 'stores'), name, `there is a system named ${name} already`)
  if (namesOf(services).includes('run'))
    reading.refuseName(services, 'run', 'the name run stands for the run as a whole')
}

/** What the products find wrong with how they are set up and used. */
function refuseContradictions(reading: Reading, systems: KnownSystems, uses: readonly PlacedUse[]): void {
  for (const [name, system] of systems) {
    if (system?.use === undefined) continue
    const own = new Map(uses.filter((placed) => placed.system === name).map((placed) => [placed.use, placed]))
    const problems = system.kind.problems(system.use.settings, [...own.keys()], system.use.version)
    for (const { use, path, message, suggestion } of problems) {
      const placed = use === undefined ? undefined : own.get(use)
      const spot = placed === undefined ? below(system.spot, ...path) : spotOfUse(placed, path)
      reading.refuse(spot, message, suggestion === undefined ? undefined : asSentence(suggestion))
    }
  }
}

function spotOfUse({ address, settings }: PlacedUse, path: readonly (string | number)[]): Spot {
  if (path.length === 0 || (path.length === 1 && path[0] === 'address')) return address
  // What is wrong may be a default that nobody wrote: then the address is the place to look at.
  return isAbsent(settings) ? { ...address, path: [...settings.path, ...path] } : below(settings, ...path)
}

function asSentence(text: string): string {
  const capital = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
  return /[.?!]$/.test(capital) ? capital : `${capital}.`
}

/** Which messages there can be, by the names of workloads; anything goes where not all of them could be read. */
function messagesOf(reading: Reading, spot: Spot, services: readonly ServiceSpec[]): IsMessage {
  const complete = namesOf(spot).length === services.length && reading.problems.length === 0
  const counts = new Map<string, number>()
  for (const service of services) {
    for (const { name, workload } of [...service.sends, ...service.asks]) {
      const count = workload.kind === 'trace' ? workload.messages.length : workload.messages
      if (counts.has(name))
        reading.refuseName(
          spot,
          service.name,
          `messages named ${name} are sent twice`,
          'Give one of them another name: { name: ... }.',
        )
      counts.set(name, count)
    }
  }
  const outputs = services.flatMap(({ forwards }) => forwards.map(({ name }) => name))
  return (message) => {
    const count = [...counts].find(([name]) => message.startsWith(`${name}-`))
    const number = count === undefined ? undefined : /^\d+/.exec(message.slice(count[0].length + 1))?.[0]
    // What is made of a message is named after its operation, which may be any text.
    const isMade = count === undefined && outputs.some((name) => message.includes(`/${name}#`))
    if (!complete || isMade || (number !== undefined && Number(number) < (count?.[1] ?? 0))) return undefined
    const known = [...counts].map(([name, size]) => `${name}-0 to ${name}-${size - 1}`)
    return { suggestion: known.length === 0 ? undefined : `There are ${known.join(' and ')}.` }
  }
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name)
}

function readSettling(reading: Reading, spot: Spot): SettlingOptions | undefined {
  if (isAbsent(spot)) return settlingDefaults
  const written = reading.read(settleSchema, spot)
  if (written === undefined) return undefined
  const heal = written.heal ?? settlingDefaults.heal
  return {
    healAfter: written['heal-after'] ?? settlingDefaults.healAfter,
    heal: typeof heal === 'string' ? (heal === 'all' ? heal : heal === 'none' ? [] : [heal]) : heal,
    bound: written.bound ?? settlingDefaults.bound,
  }
}

function readOptional<T>(reading: Reading, schema: z.ZodType<T>, spot: Spot): T | undefined {
  return isAbsent(spot) ? undefined : reading.read(schema, spot)
}

function mapped<V, W>(map: ReadonlyMap<string, V>, change: (value: V) => W): ReadonlyMap<string, W> {
  return new Map([...map].map(([name, value]) => [name, change(value)]))
}

function present<V extends SystemUse | StoreUse>(map: ReadonlyMap<string, V | undefined>): Readonly<Record<string, V>> {
  return Object.fromEntries([...map].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}
