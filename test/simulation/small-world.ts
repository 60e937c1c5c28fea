import type { AnyFact, FactKind } from '../../src/history/fact.ts'
import { defineFact } from '../../src/history/fact.ts'
import type { Fault, ParameterValue } from '../../src/simulation/fault.ts'
import type { StrikesBefore } from '../../src/simulation/fault-schedule.ts'
import { second } from '../../src/simulation/duration.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import { faultKinds } from '../../src/simulation/faults/registry.ts'
import type { LinkProfile } from '../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import type { WorldOptions } from '../../src/simulation/world.ts'
import { World } from '../../src/simulation/world.ts'

/** A program of a test did something; `what` and `number` are its own business. */
export const noted = defineFact('noted', 'client', { what: 'name', number: 'int' }, '{node}: {what} {number}')

/** Exactly 100 µs one way, so that a test can say when something happens. */
export const evenLink: LinkProfile = {
  latency: [
    [0, 100],
    [1, 100],
  ],
  bandwidth: Infinity,
  loss: 0,
  duplication: 0,
}

/** A world with even links that goes on for `lasts` µs, unless told otherwise. */
export function smallWorld(options: Partial<WorldOptions> & { readonly lasts?: Micros } = {}): World {
  const { lasts = 10 * second, ...others } = options
  const world = new World({
    seed: 'small',
    linkProfileOf: () => evenLink,
    faults: [],
    faultKinds,
    settling: { ...settlingDefaults, heal: [] },
    factKinds: [noted],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
    ...others,
  })
  world.addParticipant({
    name: 'test',
    busyWith: () => (world.engine.now < lasts ? 'the test' : undefined),
    waitingFor: () => undefined,
    patience: 1000 * second,
  })
  return world
}

/** Runs to the end. */
export function runToEnd(world: World): World {
  world.begin()
  world.advance()
  return world
}

/** Runs until nobody learns any more before which event a fault must strike. */
export function rehearsed(make: (strikesBefore: StrikesBefore) => World): World {
  const known = new Map<number, number>()
  for (;;) {
    const world = runToEnd(make(known))
    if (world.rehearsal === undefined) return world
    known.set(world.rehearsal.fault, world.rehearsal.event)
  }
}

type Strikes = Fault['strikes']

/** A fault of a schedule; the targets are written `a` for one group and `a b | c` for two. */
export function fault(
  action: string,
  targets: string,
  strikes: Strikes | Micros,
  duration?: Micros,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): Fault {
  return {
    action,
    targets: targets.split(' | ').map((side) => side.split(' ')),
    parameters,
    strikes: typeof strikes === 'number' ? { at: strikes } : strikes,
    duration,
  }
}

/** Strikes when a test program notes this. */
export function whenNoted(
  what: string,
  number: number,
  cut: 'before' | 'after-state' | 'after-step' | number,
): Strikes {
  const anchor = { fact: 'noted', values: { what, number }, nth: 1 }
  return { when: anchor, cut: typeof cut === 'number' ? { afterSends: cut } : cut }
}

/** What the programs noted, as `time node what number`, or without the time. */
export function notes(world: World, withTime = false): readonly string[] {
  return [...world.history].filter((fact) => fact.kind === 'noted').map((fact) => sayNote(world, fact, withTime))
}

function sayNote(world: World, fact: AnyFact, withTime: boolean): string {
  const { names } = world.history
  const said = `${names.text(fact.node)} ${names.text(Number(fact['what']))} ${String(fact['number'])}`
  return withTime ? `${fact.time} ${said}` : said
}

/** The facts of some kinds as `kind node`, with their times. */
export function factsOf(world: World, kinds: readonly FactKind[]): readonly string[] {
  const wanted = new Set(kinds.map(({ name }) => name))
  return [...world.history]
    .filter(({ kind }) => wanted.has(kind))
    .map(({ kind, node, time }) => `${time} ${world.history.names.text(node)} ${kind}`)
}
