import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { SettingProblem, Use } from '../system.ts'
import { isAtLeast } from './core/version.ts'
import type { Version } from './core/version.ts'
import type { ConnectionValues } from './options/client-table.ts'
import { consumerValues, furtherLists, producerValues } from './options/client-values.ts'
import { systemTable } from './options/system-table.ts'
import type { Place, Topology } from './options/topology.ts'

/** Which options belong to which kind of place. */
const optionsOf: Readonly<Record<Place, ReadonlySet<string>>> = {
  channel: new Set(),
  list: new Set([
    'push',
    'enqueue',
    'take',
    'processing',
    'claims',
    'visibility_ms',
    'reaper',
    'reap-interval',
    'and-then',
    'block',
  ]),
  stream: new Set([
    'maxlen',
    'trim',
    'references',
    'idempotency',
    'content',
    'pid',
    'read',
    'start',
    'position',
    'read-pending',
    'noack',
    'block',
    'consumer',
    'min-idle-time',
    'claim-interval',
    'claim-with',
    'keep-claimed',
    'check-owner',
    'max-deliveries',
    'dead-letter',
    'nack',
    'delete-on-close',
    'group-gone',
  ]),
}

const allPlaceOptions = new Set([...optionsOf.list, ...optionsOf.stream])

/** What contradicts itself in what one producer or consumer wants. */
export function useProblems(
  use: Use,
  settings: Settings,
  topology: Topology,
  version: Version,
): readonly SettingProblem[] {
  const place = topology.places.get(use.address)
  if (place === undefined) return [addressProblem(use, topology)]
  return [
    ...misplaced(use, place),
    ...tooNew(use, version),
    ...contradictions(use),
    ...withoutFile(use, settings),
    ...otherPlaces(use, topology),
  ]
}

/** A server refuses to wait for a file that it does not write. */
function withoutFile(use: Use, settings: Settings): readonly SettingProblem[] {
  const option = 'waitaof.numlocal'
  if (use.role !== 'producer' || producerValues(use.settings)[option] === 0) return []
  if (valuesOf(systemTable, settings).appendonly) return []
  return [{ use, path: [option], message: 'the server writes no append-only file', suggestion: 'appendonly: true' }]
}

function addressProblem(use: Use, { places }: Topology): SettingProblem {
  const known = [...places.keys()]
  return {
    use,
    path: ['address'],
    message: `there is no stream, list or channel ${use.address}`,
    suggestion:
      known.length === 0 ? `declare it: streams: { ${use.address}: {} }` : `one of ${known.join(', ')}, or declare it`,
  }
}

function misplaced(use: Use, place: Place): readonly SettingProblem[] {
  return use.settings.explicit
    .filter((option) => allPlaceOptions.has(option) && !optionsOf[place].has(option))
    .map((option) => ({
      use,
      path: [option],
      message: `${option} means nothing for a ${place}`,
      suggestion: 'leave it out',
    }))
}

function tooNew(use: Use, version: Version): readonly SettingProblem[] {
  const wanted: (readonly [string, Version])[] = []
  if (use.role === 'producer') {
    const values = producerValues(use.settings)
    if (values.references !== 'KEEPREF') wanted.push(['references', '8.2'])
    if (values.idempotency !== 'none') wanted.push(['idempotency', '8.6'])
    if (values['waitaof.numlocal'] > 0) wanted.push(['waitaof.numlocal', '7.2'])
  } else {
    const values = consumerValues(use.settings)
    if (values['claim-with'] === 'CLAIM') wanted.push(['claim-with', '8.4'])
    if (values.nack !== 'none') wanted.push(['nack', '8.8'])
  }
  return wanted
    .filter(([, since]) => !isAtLeast(version, since))
    .map(([option, since]) => ({
      use,
      path: [option],
      message: `Redis ${version} does not know it: it came with ${since}`,
      suggestion: `version: '${since}'`,
    }))
}

/** What a consumer takes from besides, or puts into: it has to be a place of the right kind, and another one. */
function otherPlaces(use: Use, { places }: Topology): readonly SettingProblem[] {
  if (use.role !== 'consumer') return []
  const { 'dead-letter': deadLetter, processing, 'and-then': further } = consumerValues(use.settings)
  const problem = (option: string, message: string, suggestion: string): SettingProblem => ({
    use,
    path: [option],
    message,
    suggestion,
  })
  const wrong = (option: string, name: string | null, kind: Place): readonly SettingProblem[] => {
    const found = name === null ? undefined : places.get(name)
    if (name === use.address) return [problem(option, `${name} is what it takes them from`, `another ${kind}`)]
    return found === undefined || found === kind ? [] : [problem(option, `${name} is a ${found}`, `a ${kind}`)]
  }
  return [
    ...wrong('dead-letter', deadLetter, 'stream'),
    ...wrong('processing', processing, 'list'),
    ...further.flatMap((name) => wrong('and-then', name, 'list')),
    ...further
      .filter((name) => !places.has(name))
      .map((name) => problem('and-then', `there is no list ${name}`, `declare it: lists: { ${name}: {} }`)),
  ]
}

/** Who pops from several lists is known by the first of them, and so would be everybody who pops from that one alone. */
export function differentPops(uses: readonly Use[]): readonly SettingProblem[] {
  const poppers = uses.filter((use) => use.role === 'consumer')
  return poppers.flatMap((use) => {
    const further = furtherLists(use)
    const other = poppers.find(
      (each) => each.address === use.address && further.some((name) => !furtherLists(each).includes(name)),
    )
    return other === undefined
      ? []
      : [
          {
            use,
            path: ['and-then'],
            message: `${other.service} takes from ${use.address} too, and not from ${further.join(', ')}`,
            suggestion: 'the same lists for both',
          },
        ]
  })
}

/** An option, whether what it needs is there, and what that would be. */
type Need = readonly [option: string, isMet: boolean, suggestion: string]

function contradictions(use: Use): readonly SettingProblem[] {
  const needs = use.role === 'producer' ? needsOfProducer(use) : needsOfConsumer(use)
  return needs
    .filter(([option, isMet]) => use.settings.explicit.includes(option) && !isMet)
    .map(([option, , suggestion]) => ({
      use,
      path: [option],
      message: `${option} means nothing without ${/\d/.test(suggestion) ? suggestion.split(':')[0] : suggestion}`,
      suggestion,
    }))
}

function needsOfConnection({ client }: ConnectionValues): readonly Need[] {
  return [
    ['autoResendUnfulfilledCommands', client === 'ioredis', 'client: ioredis'],
    ['maxRetriesPerRequest', client === 'ioredis', 'client: ioredis'],
    ['retries', client === 'redis-py', 'client: redis-py'],
  ]
}

function needsOfProducer({ settings }: Use): readonly Need[] {
  const values = producerValues(settings)
  const waits = values['wait.numreplicas'] > 0 || values['waitaof.numlocal'] > 0
  return [
    ...needsOfConnection(values),
    ['trim', values.maxlen !== null, 'maxlen: 1000'],
    ['references', values.maxlen !== null, 'maxlen: 1000'],
    ['content', values.idempotency === 'IDMPAUTO', 'idempotency: IDMPAUTO'],
    ['pid', values.idempotency !== 'none', 'idempotency: IDMP'],
    ['wait.timeout', waits, 'wait.numreplicas: 1'],
  ]
}

function needsOfConsumer({ settings }: Use): readonly Need[] {
  const values = consumerValues(settings)
  return [
    ...needsOfConnection(values),
    ['visibility_ms', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['processing', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['claims', values.take === 'BLMOVE', 'take: BLMOVE'],
    ['reaper', values['visibility_ms'] !== null, 'visibility_ms: 30s'],
    ['reap-interval', values['visibility_ms'] !== null, 'visibility_ms: 30s'],
    ['claim-interval', values['min-idle-time'] !== null, 'min-idle-time: 60s'],
    ['claim-with', values['min-idle-time'] !== null, 'min-idle-time: 60s'],
    ['position', values.read === 'XREAD', 'read: XREAD'],
    ['and-then', values.take !== 'BLMOVE', 'take: BRPOP'],
    ...ofMembers.map((option): Need => [option, values.read === 'XREADGROUP', 'read: XREADGROUP']),
    ...ofWhatIsPending.map((option): Need => [option, !values.noack, 'noack: false']),
  ]
}

/** What only members of a group have: somebody keeps account of what they were given. */
const ofMembers = [
  ...['read-pending', 'noack', 'consumer', 'min-idle-time', 'keep-claimed', 'check-owner', 'max-deliveries'],
  ...['dead-letter', 'nack', 'delete-on-close', 'group-gone'],
]

/** What would need an entry that was handed out to be pending. */
const ofWhatIsPending = ['keep-claimed', 'check-owner', 'nack', 'max-deliveries']
