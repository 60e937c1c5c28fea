import { second } from '../duration.ts'
import type { FaultKind } from '../fault.ts'
import { flagParameter, numberParameter, undoAll } from '../fault.ts'

export const crash: FaultKind = {
  name: 'crash',
  summary: 'The process dies. Memory is gone, what was written survives, peers see their connections reset.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups }) => undoAll(groups.flat().map((node) => node.crash())),
}

export const powerLoss: FaultKind = {
  name: 'power-loss',
  summary: 'The host dies. What was not fsynced or written back is gone too, peers hear nothing.',
  takes: 'nodes',
  parameters: {
    torn: { type: 'flag', fallback: false, summary: 'half of the first lost record of each log is left' },
  },
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map((node) => node.losePower(flagParameter(parameters, 'torn')))),
}

const grace = { type: 'duration', fallback: 30 * second, summary: 'killed if the stop takes longer' } as const

export const restart: FaultKind = {
  name: 'restart',
  summary: 'A clean stop, and a start when the fault is over.',
  takes: 'nodes',
  parameters: { grace },
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map((node) => node.stop(numberParameter(parameters, 'grace')))),
}

export const deploy: FaultKind = {
  name: 'deploy',
  summary:
    'The next release: a clean stop, and a start of it when the fault is over. Code under test may have several.',
  takes: 'nodes',
  parameters: { grace },
  isRestart: true,
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map((node) => node.deploy(numberParameter(parameters, 'grace')))),
}

export const scaleIn: FaultKind = {
  name: 'scale-in',
  summary: 'Somebody takes the nodes away, with a clean stop; they are there again when the fault is over.',
  takes: 'nodes',
  parameters: { grace },
  isRestart: true,
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map((node) => node.stop(numberParameter(parameters, 'grace')))),
}

export const pause: FaultKind = {
  name: 'pause',
  summary: 'The process freezes (garbage collection, a suspended machine) while time and the others go on.',
  takes: 'nodes',
  parameters: {},
  strike: ({ groups, duration }) => (duration === 0 ? undefined : undoAll(groups.flat().map((node) => node.pause()))),
}

export const slow: FaultKind = {
  name: 'slow',
  summary: 'Everything that the node works on takes longer; its timers do not.',
  takes: 'nodes',
  parameters: { factor: { type: 'factor', fallback: 10, summary: 'how many times as long' } },
  lacks: (parameters) => (numberParameter(parameters, 'factor') > 1 ? undefined : 'a factor above 1'),
  strike: ({ groups, parameters }) =>
    undoAll(groups.flat().map((node) => node.slowDown(numberParameter(parameters, 'factor')))),
}

export const overload: FaultKind = {
  name: 'overload',
  summary: 'Others ask too much of an API of somebody else (http-api): it refuses every call, with 429.',
  takes: 'nodes',
  parameters: {},
  concerns: (node) => node.refuses,
  strike: ({ groups }) => undoAll(groups.flat().map((node) => node.overload())),
}

export const clockSkew: FaultKind = {
  name: 'clock-skew',
  summary: 'The wall clock of the host is wrong; timers are not.',
  takes: 'nodes',
  parameters: {
    offset: { type: 'duration', fallback: 0, summary: 'a step, forwards or backwards' },
    drift: { type: 'rate', fallback: 0, summary: 'what it gains, µs a second' },
  },
  lacks: (parameters) =>
    numberParameter(parameters, 'offset') === 0 && numberParameter(parameters, 'drift') === 0
      ? 'an offset or a drift'
      : undefined,
  strike: ({ world, groups, parameters }) => {
    const offset = numberParameter(parameters, 'offset')
    const drift = numberParameter(parameters, 'drift')
    return undoAll(groups.flat().map(({ clock }) => clock.skew(world.engine.now, offset, drift)))
  },
}
