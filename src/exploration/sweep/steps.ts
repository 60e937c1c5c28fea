import { packetArrived, packetSent } from '../../history/facts.ts'
import type { StrikesBefore } from '../../simulation/fault-schedule.ts'
import type { World } from '../../simulation/world.ts'
import { run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'

/** A packet that left: the event in which it did, and its way. */
export interface Sending {
  readonly event: number
  readonly from: string
  readonly to: string
}

/** Everything that happened in a run as far as it can be interfered with. */
export interface Steps {
  /** By event: the nodes that had a part in it; none for those of the machine itself. */
  readonly nodes: readonly (readonly string[])[]
  /** By event: when, µs. */
  readonly times: readonly number[]
  /** By event: whether it was a timer that came due. */
  readonly timers: readonly boolean[]
  readonly sendings: readonly Sending[]
}

/** The code of a timer of a process. Packets that are due have it too; what arrives tells them apart. */
const timerCode = 1

/** Runs a scenario and watches every event of it. */
export function stepsOf(scenario: Scenario, strikesBefore: StrikesBefore = new Map()): Steps {
  const nodes: Set<string>[] = []
  const times: number[] = []
  const timers: boolean[] = []
  const sendings: Sending[] = []
  const watch = ({ world }: { readonly world: World }): void => {
    const { names } = world.history
    for (const kind of world.factKinds) world.history.listen(kind, (fact) => nodes.at(-1)?.add(names.text(fact.node)))
    world.history.listen(packetArrived, () => (timers[timers.length - 1] = false))
    world.history.listen(packetSent, (fact) =>
      sendings.push({ event: nodes.length - 1, from: names.text(fact.node), to: names.text(Number(fact['to'])) }),
    )
    world.engine.observe(({ time, target, code }) => {
      const name = world.nodes[target.number]?.name
      // A packet that is due belongs to its sender here; its arrival adds the node that it reaches.
      nodes.push(new Set(name === undefined ? [] : [name]))
      times.push(time)
      timers.push(code === timerCode)
    })
  }
  run(scenario, { strikesBefore, watch, observeNetwork: true })
  const sent = sendings.filter(({ event, from, to }) => event >= 0 && from !== to)
  return { nodes: nodes.map((some) => [...some]), times, timers, sendings: sent }
}
