import { describe, expect, it } from 'vitest'
import { ledger } from '../../src/application/stores/ledger.ts'
import { start } from '../../src/application/program.ts'
import type { Effect } from '../../src/application/stores/store.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import { faultKinds } from '../../src/simulation/faults/registry.ts'
import { World } from '../../src/simulation/world.ts'
import { defaultSettings } from '../../src/systems/option.ts'

const unique = { values: { ...defaultSettings(ledger.options).values, unique: 'operation' }, explicit: ['unique'] }

function strike(action: string, at: number, duration: number, parameters: Fault['parameters'] = {}): Fault {
  return { action, targets: [['ledger']], parameters, strikes: { at }, duration }
}

interface Told {
  /** What the program was answered, in order. */
  readonly answers: readonly string[]
  /** Kinds of the facts about effects, in order. */
  readonly facts: readonly string[]
}

/** Applies the same effect at each of these times, µs. */
function applyAt(times: readonly number[], faults: readonly Fault[]): Told {
  const world = new World({
    seed: 'ledger',
    linkProfileOf: () => linkProfiles.loopback,
    faults,
    faultKinds,
    settling: settlingDefaults,
    factKinds: [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const answers: string[] = []
  const store = ledger.build(world, 'ledger', unique)
  const { names } = world.history
  const order = names.intern('order')
  const effect: Effect = {
    ...{ message: order, operation: order, effect: 'billed', service: 'billing', consumer: 'billing' },
    ...{ attempt: 1, key: '', version: 1, value: 1 },
  }
  world.addNode({
    name: 'billing',
    start: (process) => {
      const client = store.client(process)
      for (const time of times)
        process.setTimer(time, () => start(process, client.apply(effect), ({ kind }) => answers.push(kind)))
    },
  })
  world.addParticipant({
    name: 'billing',
    busyWith: () => (world.engine.now < 10_000_000 ? 'the program' : undefined),
    waitingFor: () => undefined,
    patience: 20_000_000,
  })
  world.begin()
  world.advance()
  const facts = [...world.history].map(({ kind }) => kind).filter((kind) => kind.startsWith('effect-'))
  return { answers, facts }
}

describe('a ledger with a unique key', () => {
  const slow = strike('slow-disk', 0, 5_000_000, { factor: 10_000 })

  it('takes an effect once', () => {
    expect(applyAt([1000, 500_000], [])).toEqual({
      answers: ['applied', 'applied'],
      facts: ['effect-applied', 'effect-skipped'],
    })
  })

  it('says of nothing that it is there before the disk has it', () => {
    const lost = strike('power-loss', 1_000_000, 1_000_000, { torn: false })
    const { answers, facts } = applyAt([1000, 500_000], [slow, lost])
    expect(facts).toEqual([])
    expect(answers).not.toContain('applied')
  })

  it('says so once the disk has it', () => {
    const { answers, facts } = applyAt([1000, 500_000], [slow])
    expect(facts).toEqual(['effect-applied', 'effect-skipped'])
    expect(answers).toEqual(['applied', 'applied'])
  })
})

describe('a ledger that finds an effect unreadable after a start', () => {
  it('takes back that it was applied, and takes it again', () => {
    const faults = [strike('corrupt-tail', 100_000, 0), strike('crash', 200_000, 100_000)]
    expect(applyAt([1000, 500_000], faults).facts).toEqual(['effect-applied', 'effect-undone', 'effect-applied'])
  })
})
