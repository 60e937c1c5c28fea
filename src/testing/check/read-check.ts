import { randomBytes } from 'node:crypto'
import { checks } from '../../checks/registry.ts'
import { suggestionFor } from '../../scenario/suggestion.ts'
import { wrongApiName } from '../dependencies/http/routes.ts'
import type { SimulatedApi } from '../dependencies/http/simulated-api.ts'
import type { ConsumerFactory, DeliveryCheck, FinalState, FixtureMessage } from './check.ts'
import { CheckError } from './check-error.ts'
import { described } from './described.ts'
import type { FaultPlan } from './plans/plan.ts'
import { faultPlans } from './plans/registry.ts'
import { readMessages } from './read-messages.ts'
import { readVersions } from './read-versions.ts'
import type { OutputOfCheck } from './sends-of-check.ts'
import type { CheckedSystem } from './systems/checked-system.ts'

type FaultDocument = Readonly<Record<string, unknown>>

/** A check that is right as far as its own shape goes, and complete. */
export interface ReadCheck {
  readonly name: string
  readonly system: CheckedSystem
  /** The versions of the code in the order in which they are deployed. */
  readonly versions: readonly ConsumerFactory[]
  /** The messages, or the file of a recorded trace. */
  readonly messages: readonly FixtureMessage[] | string
  readonly rate: number
  readonly operation: (message: FixtureMessage) => string | undefined
  /** Whether the check says what messages are about. */
  readonly hasOperation: boolean
  readonly ignores: (message: FixtureMessage) => boolean
  readonly stores: Readonly<Record<string, unknown>>
  readonly apis: Readonly<Record<string, SimulatedApi>>
  readonly effects: NonNullable<DeliveryCheck['effects']>
  readonly sends: readonly OutputOfCheck[]
  readonly invariants: readonly (readonly [string, (state: FinalState) => unknown])[]
  /** With a level where the check says one: `no-duplicates/delivery`. */
  readonly guarantees: readonly string[]
  readonly faults: FaultPlan | readonly FaultDocument[]
  readonly runs: number
  readonly seed: string
  readonly cases: string | false | undefined
  /** Nothing where the check does not say. */
  readonly members: number | undefined
  readonly concurrency: number | undefined
}

/** The check, complete; throws a {@link CheckError} that lists everything that is wrong with its shape. `environment` is that of the process. */
export function readCheck(check: DeliveryCheck, environment: Readonly<Record<string, string | undefined>>): ReadCheck {
  if (typeof check !== 'object' || check === null)
    throw new CheckError('', ['a check is an object: checkDelivery({ name, system, consumer, messages })'])
  const reading = new CheckReading(check)
  const read = reading.read(environment)
  if (reading.problems.length > 0) throw new CheckError(reading.name, reading.problems)
  return read
}

const options: Readonly<Record<keyof DeliveryCheck, true>> = {
  name: true,
  system: true,
  consumer: true,
  handle: true,
  messages: true,
  count: true,
  rate: true,
  operation: true,
  ignores: true,
  stores: true,
  apis: true,
  effects: true,
  sends: true,
  invariants: true,
  guarantees: true,
  faults: true,
  runs: true,
  seed: true,
  cases: true,
  members: true,
  concurrency: true,
}

/** Looks at every part although it has a type: not everybody has a compiler that did. */
class CheckReading {
  readonly problems: string[] = []
  readonly #check: DeliveryCheck

  constructor(check: DeliveryCheck) {
    this.#check = check
    const known = Object.keys(options)
    for (const key of Object.keys(check)) if (!known.includes(key)) this.#unknown('option', key, known)
  }

  get name(): string {
    const { name } = this.#check
    return typeof name === 'string' ? name.trim() : ''
  }

  read(environment: Readonly<Record<string, string | undefined>>): ReadCheck {
    if (this.name === '') this.#say('`name` is missing: it says which check failed, and names its saved cases')
    this.#somethingIsAsked()
    const say = (problem: string): void => this.#say(problem)
    return {
      name: this.name,
      system: this.#system(),
      versions: readVersions(this.#check, say),
      messages: readMessages(this.#check.messages, () => this.#number('count', defaultCount, 1), say),
      rate: this.#number('rate', 100, 1),
      operation: this.#operation(),
      hasOperation: this.#check.operation !== undefined,
      ignores: this.#ignores(),
      stores: this.#map(this.#check.stores, 'stores', 'a map from names to stores'),
      apis: this.#apis(),
      effects: this.#effects(),
      sends: this.#sends(),
      invariants: this.#invariants(),
      guarantees: this.#guaranteesIn(this.#check.guarantees),
      faults: this.#faults(),
      runs: this.#number('runs', defaultRuns, 1),
      seed: this.#seed(environment['ONCEPROOF_SEED']),
      cases: this.#cases(),
      members: this.#check.members === undefined ? undefined : this.#number('members', 2, 1),
      concurrency: this.#check.concurrency === undefined ? undefined : this.#number('concurrency', 1, 1),
    }
  }

  /** A list without a guarantee beside nothing else that is judged passes whatever the code does. */
  #somethingIsAsked(): void {
    const { guarantees, invariants = {}, sends = {} } = this.#check
    if (!Array.isArray(guarantees) || guarantees.length > 0) return
    if (Object.keys(invariants).length > 0 || Object.keys(sends).length > 0) return
    const usual = defaultGuarantees.join(' and ')
    this.#say(`\`guarantees\` is an empty list, and nothing else is judged: leave it out for ${usual}, or name some`)
  }

  #system(): CheckedSystem {
    const { system } = this.#check
    const isSystem = typeof system === 'object' && system !== null && 'from' in system
    if (isSystem) return system
    const found = system === undefined ? 'no system is given' : `\`system\` is ${described(system)}`
    this.#say(
      `${found}: expected kafka({ ... }), rabbitmq({ ... }), sqs({ ... }), redis({ ... }), kinesis({ ... }), memory() or scenario('file.yaml', { service })`,
    )
    return { from: 'file', file: '', service: '', variant: '' }
  }

  #operation(): ReadCheck['operation'] {
    const { operation } = this.#check
    if (operation !== undefined && typeof operation !== 'function')
      this.#say('`operation` is no function: expected (message) => what it is about')
    return (message) => this.#check.operation?.(message)
  }

  #ignores(): ReadCheck['ignores'] {
    const { ignores } = this.#check
    if (ignores !== undefined && typeof ignores !== 'function')
      this.#say('`ignores` is no function: expected (message) => whether the code rightly does nothing about it')
    return (message) => this.#check.ignores?.(message) === true
  }

  #map<T>(value: Readonly<Record<string, T>> | undefined, key: string, expected: string): Readonly<Record<string, T>> {
    if (value === undefined) return {}
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    this.#say(`\`${key}\` is ${described(value)}: expected ${expected}`)
    return {}
  }

  #apis(): ReadCheck['apis'] {
    const apis = this.#map(this.#check.apis, 'apis', 'a map from methods and addresses to APIs')
    for (const [name, api] of Object.entries(apis)) {
      const wrong = wrongApiName(name)
      if (wrong !== undefined) this.#say(wrong)
      if (typeof api !== 'object' || api === null || typeof api.respond !== 'function')
        this.#say(`the API ${name} is ${described(api)}: expected charges(), mail(), api((call, state) => ...) ...`)
    }
    return apis
  }

  #effects(): ReadCheck['effects'] {
    const effects = this.#map(this.#check.effects, 'effects', 'a map from tables to functions of a row')
    for (const [table, rule] of Object.entries(effects))
      if (typeof rule !== 'function' && (typeof rule !== 'object' || rule === null))
        this.#say(
          `the effects of ${table} are ${described(rule)}: expected a function of a row that gives its operation`,
        )
    return effects
  }

  #sends(): ReadCheck['sends'] {
    const sends = this.#map(this.#check.sends, 'sends', 'a map from what the code sends to, to where that is')
    return Object.entries(sends).map(([name, declared]) => {
      if (typeof declared !== 'object' || declared === null)
        this.#say(
          `the output ${name} is ${described(declared)}: expected { to, guarantees, recognises, about, parks }, all of it optional`,
        )
      const { to = name, from = to, producer = {}, parks = false, recognises, about } = { ...declared }
      const { guarantees = parks ? [] : this.#check.guarantees } = { ...declared }
      for (const [part, given] of Object.entries({ recognises, about }))
        if (given !== undefined && typeof given !== 'function')
          this.#say(`\`${part}\` of the output ${name} is ${described(given)}: expected a function of a message`)
      if (typeof parks !== 'boolean')
        this.#say(`\`parks\` of the output ${name} is ${described(parks)}: expected true or false`)
      return {
        name,
        to,
        from,
        producer,
        parks,
        guarantees: this.#guaranteesIn(guarantees),
        recognises,
        about,
      }
    })
  }

  #invariants(): ReadCheck['invariants'] {
    const invariants = this.#map(this.#check.invariants, 'invariants', 'a map from sentences to functions')
    for (const [name, invariant] of Object.entries(invariants))
      if (typeof invariant !== 'function')
        this.#say(
          `the invariant "${name}" is ${described(invariant)}: expected a function of { db, apis, messages, ... }`,
        )
    return Object.entries(invariants)
  }

  #guaranteesIn(guarantees: unknown = defaultGuarantees): readonly string[] {
    if (!Array.isArray(guarantees)) {
      this.#say(`\`guarantees\` is ${described(guarantees)}: expected a list such as ['exactly-once']`)
      return []
    }
    const known = checks.map(({ name }) => name)
    for (const guarantee of guarantees) {
      const [name = '', level] = String(guarantee).split('/')
      if (!known.includes(name)) this.#unknown('guarantee', name, known)
      else if (level !== undefined && !['delivery', 'effect'].includes(level))
        this.#say(`there is no level \`${level}\` of ${name}: expected delivery or effect`)
    }
    return guarantees
  }

  #faults(): ReadCheck['faults'] {
    const { faults = defaultPlan } = this.#check
    if (Array.isArray(faults)) return faults
    const names = faultPlans.map(({ name }) => name)
    const plan = faultPlans.find(({ name }) => name === faults)
    if (plan !== undefined) return plan
    if (typeof faults === 'string') this.#unknown('fault plan', faults, names)
    else this.#say(`\`faults\` is ${described(faults)}: expected one of ${names.join(', ')}, or a list of faults`)
    return []
  }

  #seed(fromEnvironment: string | undefined): string {
    const { seed = defaultSeed } = this.#check
    if (typeof seed !== 'string' && typeof seed !== 'number')
      this.#say(`\`seed\` is ${described(seed)}: expected a text`)
    if (fromEnvironment === undefined || fromEnvironment === '') return String(seed)
    return fromEnvironment === 'random' ? randomBytes(6).toString('hex') : fromEnvironment
  }

  #cases(): string | false | undefined {
    const { cases } = this.#check
    if (cases === undefined || cases === false || (typeof cases === 'string' && cases !== '')) return cases
    this.#say(`\`cases\` is ${described(cases)}: expected a folder, or false`)
    return false
  }

  #number(key: 'runs' | 'members' | 'concurrency' | 'count' | 'rate', fallback: number, least: number): number {
    const value = this.#check[key] ?? fallback
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value
    this.#say(`\`${key}\` is ${described(value)}: expected a whole number from ${least} to ${most}`)
    return fallback
  }

  #unknown(what: string, name: string, known: readonly string[]): void {
    this.#say(`there is no ${what} \`${name}\`. ${suggestionFor(name, known) ?? ''}`)
  }

  #say(problem: string): void {
    this.problems.push(problem.trim())
  }
}

const defaultGuarantees: readonly string[] = ['no-loss', 'no-duplicates']
const defaultPlan = 'production-day'
const defaultSeed = 'onceproof'
const defaultRuns = 200
const defaultCount = 50
const most = 1_000_000
