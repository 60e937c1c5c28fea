import type { FaultKind } from '../fault.ts'
import { numberParameter } from '../fault.ts'
import type { Node, Undo } from '../node.ts'

export const slowDisk: FaultKind = {
  name: 'slow-disk',
  summary: 'Every fsync takes longer.',
  takes: 'nodes',
  parameters: { factor: { type: 'factor', fallback: 100, summary: 'how many times as long' } },
  strike: ({ groups, parameters }) =>
    onDisks(
      groups.flat(),
      (node) => node.disk.slowDown(numberParameter(parameters, 'factor')),
      (node) => node.disk.slowDown(1),
    ),
}

export const fullDisk: FaultKind = {
  name: 'full-disk',
  summary: 'No room is left on the disk.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) =>
    onDisks(
      groups.flat(),
      (node) => node.disk.fillUp(true),
      (node) => node.disk.fillUp(false),
    ),
}

export const brokenDisk: FaultKind = {
  name: 'broken-disk',
  summary: 'Writes and fsyncs fail.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) =>
    onDisks(
      groups.flat(),
      (node) => node.disk.breakDown(true),
      (node) => node.disk.breakDown(false),
    ),
}

export const corruptTail: FaultKind = {
  name: 'corrupt-tail',
  summary: 'The last record of every log on the disk is damaged; a checksum finds it at the next start.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) => {
    for (const node of groups.flat()) node.disk.corruptTails('')
    return undefined
  },
}

function onDisks(nodes: readonly Node[], begin: (node: Node) => void, end: (node: Node) => void): Undo {
  for (const node of nodes) begin(node)
  return () => {
    for (const node of nodes) end(node)
  }
}
