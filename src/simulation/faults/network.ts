import type { FaultKind, FaultStrike } from '../fault.ts'
import { flagParameter, numberParameter, undoAll } from '../fault.ts'
import type { Node, Undo } from '../node.ts'

export const partition: FaultKind = {
  name: 'partition',
  summary: 'Nothing gets from one side to another. A node on no side sees everybody, a node on two sides sees both.',
  takes: 'sides',
  parameters: { 'one-way': { type: 'flag', fallback: false, summary: 'only from the first side to the others' } },
  strike: (strike) => {
    const [first, ...others] = strike.groups
    if (first === undefined) return undefined
    if (flagParameter(strike.parameters, 'one-way'))
      return undoAll(others.map((other) => cutBetween(strike, first, other)))
    return undoAll(
      strike.groups.flatMap((side) =>
        strike.groups.filter((other) => other !== side).map((other) => cutBetween(strike, side, other)),
      ),
    )
  },
}

export const isolate: FaultKind = {
  name: 'isolate',
  summary: 'The nodes are cut off from all others, but not from each other.',
  takes: 'nodes',
  parameters: {},
  strike: (strike) => {
    const inside = strike.groups.flat()
    const outside = strike.world.nodes.filter((node) => !inside.includes(node))
    return undoAll([cutBetween(strike, inside, outside), cutBetween(strike, outside, inside)])
  },
}

export const slowLink: FaultKind = {
  name: 'slow-link',
  summary: 'Everything between the two takes longer on the way.',
  takes: 'pair',
  parameters: {
    factor: { type: 'factor', fallback: 1, summary: 'how many times as long' },
    delay: { type: 'duration', fallback: 0, summary: 'added to every latency' },
  },
  lacks: (parameters) =>
    numberParameter(parameters, 'factor') <= 1 && numberParameter(parameters, 'delay') === 0
      ? 'a factor above 1 or a delay'
      : undefined,
  strike: (strike) =>
    faultLinks(strike, {
      slower: numberParameter(strike.parameters, 'factor'),
      delay: numberParameter(strike.parameters, 'delay'),
    }),
}

export const lossyLink: FaultKind = {
  name: 'lossy-link',
  summary: 'Packets between the two are lost: connections stall and send again, datagrams are gone or doubled.',
  takes: 'pair',
  parameters: {
    loss: { type: 'probability', fallback: 0.1, summary: 'of a packet being lost' },
    duplication: { type: 'probability', fallback: 0, summary: 'of a datagram arriving twice' },
  },
  lacks: (parameters) =>
    numberParameter(parameters, 'loss') === 0 && numberParameter(parameters, 'duplication') === 0
      ? 'a loss or a duplication'
      : undefined,
  strike: (strike) =>
    faultLinks(strike, {
      loss: numberParameter(strike.parameters, 'loss'),
      duplication: numberParameter(strike.parameters, 'duplication'),
    }),
}

export const resetConnections: FaultKind = {
  name: 'reset-connections',
  summary: 'Every connection between the two is reset; what was in flight is lost.',
  takes: 'pair',
  parameters: {},
  strike: ({ world, groups }) => {
    for (const [one, other] of pairs(groups)) world.network.resetBetween(one, other)
    return undefined
  },
}

function cutBetween({ world, fact }: FaultStrike, from: readonly Node[], to: readonly Node[]): Undo {
  const onBoth = new Set(from.filter((node) => to.includes(node)))
  const numbers = (nodes: readonly Node[]): Set<number> =>
    new Set(nodes.filter((node) => !onBoth.has(node)).map((node) => node.number))
  return world.network.cut({ from: numbers(from), to: numbers(to), fact })
}

function faultLinks({ world, groups, fact }: FaultStrike, change: Readonly<Record<string, number>>): Undo {
  const fault = { slower: 1, delay: 0, loss: 0, duplication: 0, ...change, fact }
  const links = pairs(groups).flatMap(([one, other]) => [
    world.network.link(one, other),
    world.network.link(other, one),
  ])
  for (const link of links) link.addFault(fault)
  return () => {
    for (const link of links) link.removeFault(fault)
  }
}

function pairs(groups: readonly (readonly Node[])[]): (readonly [Node, Node])[] {
  const [ones = [], others = []] = groups
  return ones.flatMap((one) => others.filter((other) => other !== one).map((other) => [one, other] as const))
}
