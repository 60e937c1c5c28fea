import type { FaultKind } from '../fault.ts'
import { numberParameter, undoAll } from '../fault.ts'

export const slowDisk: FaultKind = {
  name: 'slow-disk',
  summary: 'Every fsync takes longer.',
  takes: 'nodes',
  parameters: { factor: { type: 'factor', fallback: 100, summary: 'how many times as long' } },
  lacks: (parameters) => (numberParameter(parameters, 'factor') > 1 ? undefined : 'a factor above 1'),
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map(({ disk }) => disk.slowDown(numberParameter(parameters, 'factor')))),
}

export const fullDisk: FaultKind = {
  name: 'full-disk',
  summary: 'No room is left on the disk.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) => undoAll(groups.flat().map(({ disk }) => disk.fillUp())),
}

export const brokenDisk: FaultKind = {
  name: 'broken-disk',
  summary: 'Writes and fsyncs fail.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) => undoAll(groups.flat().map(({ disk }) => disk.breakDown())),
}

export const corruptTail: FaultKind = {
  name: 'corrupt-tail',
  summary: 'The last record of every log on the disk is damaged; a checksum finds it at the next start.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) => {
    for (const { disk } of groups.flat()) disk.corruptTails('')
    return undefined
  },
}
