import type { AnyFact } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { Run } from '../../run.ts'
import { factPhrase } from '../fact-phrase.ts'
import { placeStruck } from '../fault-place.ts'
import { printable } from '../paint.ts'
import { counted, momentText } from '../quantities.ts'
import type { Story } from '../story/story.ts'
import { arrowsOf, packetsOfCone, type Wanted } from './arrows.ts'
import { coneOf } from './cone.ts'
import type { Diagram, Mark } from './diagram.ts'
import { laneNames, lanesOf, linkBands, nobody } from './lanes.ts'
import type { Observed } from './observed.ts'
import { shapeOf } from './shape.ts'

/** So many arrows a story has at most. */
const storyLimit = 1500

/** What a story depends on, and nothing else. */
export function storyDiagram(run: Run, story: Story, observed: Observed): Diagram {
  const { history, packets = [] } = observed
  const cone = coneOf(run, story, observed)
  const last = Math.max(...cone.map(({ time }) => time))
  const carries = packetsOfCone(history, cone)
  const wanted: Wanted = (packet) => packet.sent.time <= last && carries(packet)
  const broken =
    story.of === 'broken' ? new Set(story.witness.evidence.map((fact) => observed.find(fact).index)) : new Set<number>()
  const ends = packets
    .filter(wanted)
    .flatMap(({ sent }) => [history.names.text(sent.node), history.names.text(Number(sent['to']))])
  const names = laneNames(run, [...cone.map((fact) => nodeOf(history, fact, run)), ...ends])
  const times = cone.map(({ time }) => time)
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const marks = marksOf(run, history, cone.filter(isToldOnce(history, cone)), names, broken)
  return {
    title: printable(`${story.heading}: ${story.item}`),
    description: printable(
      `What ${story.heading} ${story.of === 'broken' ? 'broke' : 'held'} depends on, from ${momentText(from)} to ${momentText(to)}: ${counted(marks.length, 'event')} at ${counted(names.length, 'node')}. ${story.outcome}`,
    ),
    lanes: lanesOf(history, names, run.simulatedMicros),
    arrows: arrowsOf(observed, names, cone, wanted, storyLimit),
    marks,
    bands: linkBands(history, names, run.simulatedMicros),
    from,
    to,
    leftOut: 0,
  }
}

/** Everything that happened, or as much of it as `limit` events and as many arrows hold, from a little before `focus` on. */
export function everythingDiagram(run: Run, focus: number, observed: Observed, limit: number): Diagram {
  const { history, packets } = observed
  const all = [...history].filter((fact) => isDrawn(history, fact))
  const first = Math.max(0, all.findIndex(({ time }) => time >= focus) - Math.floor(limit / 3))
  const start = all.length <= limit ? 0 : first
  const from = all[start]?.time ?? 0
  // Where the arrows would not do, the picture ends with the last of them.
  const beyond = packets?.filter(({ sent }) => sent.time >= from)[limit]?.sent.time ?? Infinity
  const shown = all.slice(start, start + limit).filter(({ time }) => time < beyond)
  const to = shown.at(-1)?.time ?? 0
  const names = laneNames(
    run,
    all.map((fact) => nodeOf(history, fact, run)),
  )
  const inside = ({ sent }: { readonly sent: AnyFact }): boolean => sent.time >= from && sent.time <= to
  const arrows = arrowsOf(observed, names, shown, inside, limit)
  const leftOut = all.length - shown.length + (packets === undefined ? 0 : packets.length - arrows.length)
  return {
    title: leftOut === 0 ? 'Everything' : `Everything from ${momentText(from)} to ${momentText(to)}`,
    description: `What happened from ${momentText(from)} to ${momentText(to)}: ${counted(shown.length, 'event')} and ${counted(arrows.length, 'packet')} between ${counted(names.length, 'node')}.`,
    lanes: lanesOf(history, names, run.simulatedMicros),
    arrows,
    marks: marksOf(run, history, shown, names, new Set()),
    bands: linkBands(history, names, run.simulatedMicros),
    from,
    to,
    leftOut,
  }
}

function isDrawn(history: History, fact: AnyFact): boolean {
  const scope = history.kindOf(fact.kind)?.scope
  return scope !== 'network' && scope !== 'run' && fact.kind !== facts.copyRemained.name
}

/** What a fault did to a node is told by the fault, a restart by the start, and a stored copy by what its product says of it. */
function isToldOnce(history: History, shown: readonly AnyFact[]): (fact: AnyFact) => boolean {
  const known = new Map(shown.map((fact) => [fact.index, fact]))
  return (fact) => {
    if (fact.kind === facts.faultEnded.name)
      return !shown.some(({ cause, time }) => cause === fact.index && time === fact.time)
    if (fact.kind === facts.copyStored.name)
      return !shown.some(
        (other) =>
          other.cause === fact.cause &&
          other.node === fact.node &&
          other.time === fact.time &&
          other['message'] === fact['message'] &&
          other.index < fact.index &&
          history.kindOf(other.kind)?.scope === 'broker',
      )
    return history.kindOf(fact.kind)?.scope !== 'node' || known.get(fact.cause)?.kind !== facts.faultStruck.name
  }
}

/** A fault is shown at its first target that is a node. */
function nodeOf(history: History, fact: AnyFact, { scenario }: Run): string {
  const node = history.names.text(fact.node)
  if (node !== nobody || history.kindOf(fact.kind)?.scope !== 'fault') return node
  const known = scenario.services.map(({ name }) => name)
  const targets = history.names.text(Number(fact['target'])).split(', ')
  return targets.find((target) => history.names.has(target) || known.includes(target)) ?? node
}

function marksOf(
  { faults }: Run,
  history: History,
  shown: readonly AnyFact[],
  lanes: readonly string[],
  broken: ReadonlySet<number>,
): readonly Mark[] {
  return shown.flatMap((fact) => {
    const lane = laneFor(history, fact, lanes)
    if (lane < 0) return []
    const message = typeof fact['message'] === 'number' ? history.names.text(fact['message']) : ''
    return [
      {
        lane,
        at: fact.time,
        shape: shapeOf(history, fact),
        label: printable(labelOf(history, fact, message)),
        text: printable(`${factPhrase(history, fact)} ${placeStruck(fact, faults)}`.trimEnd()),
        message: printable(message),
        broken: broken.has(fact.index),
        fact,
      },
    ]
  })
}

function laneFor(history: History, fact: AnyFact, lanes: readonly string[]): number {
  const own = lanes.indexOf(history.names.text(fact.node))
  if (own >= 0 || history.kindOf(fact.kind)?.scope !== 'fault') return own
  const targets = history.names.text(Number(fact['target'])).split(', ')
  return lanes.findIndex((lane) => targets.some((target) => lane === target || lane.startsWith(`${target}-`)))
}

/** What stands beside a sign: what happened, in as few words as the kind of fact has. */
function labelOf(history: History, fact: AnyFact, message: string): string {
  const text = (field: string): string => history.names.text(Number(fact[field]))
  switch (fact.kind) {
    case facts.submitted.name:
      return `send ${message}`
    case facts.answered.name:
      return text('outcome')
    case facts.delivered.name:
      return fact['attempt'] === 1 ? `got ${message}` : `got ${message} again`
    case facts.effectApplied.name:
      return `effect of ${message}`
    case facts.effectSkipped.name:
      return `left out ${message}`
    case facts.acknowledged.name:
      return 'acknowledged'
    case facts.handled.name:
      return 'finished'
    case facts.handlingFailed.name:
      return 'failed'
    case facts.copyStored.name:
      return `stored ${message}`
    case facts.copyEnded.name:
      return text('fate')
    case facts.faultStruck.name:
      return text('action')
    case facts.faultEnded.name:
      return `end of ${text('action')}`
    default:
      return fact.kind.replace(/^node-/, '').replaceAll('-', ' ')
  }
}
