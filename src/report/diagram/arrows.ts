import type { AnyFact } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import { packetArrived, packetLost } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import { factPhrase } from '../fact-phrase.ts'
import { durationText } from '../quantities.ts'
import type { Arrow } from './diagram.ts'
import type { Observed, Packet } from './observed.ts'

/** Which packets to draw. */
export type Wanted = (packet: Packet) => boolean

/** What travelled between these lanes: packets, where they were observed, else what was caused at one node by another. */
export function arrowsOf(
  observed: Observed,
  lanes: readonly string[],
  facts: readonly AnyFact[],
  wanted: Wanted,
  limit: number,
): readonly Arrow[] {
  const { history, packets } = observed
  const laneOf = new Map(lanes.map((name, lane) => [name, lane]))
  return packets === undefined
    ? causedArrows(history, laneOf, facts, limit)
    : packetArrows(history, packets, laneOf, wanted, limit)
}

/** The packets that carry something from a fact of the cone to another, and those of it that were lost. */
export function packetsOfCone(history: History, cone: readonly AnyFact[]): Wanted {
  const causes = new Set(cone.filter(({ kind }) => history.kindOf(kind)?.scope !== 'node').map(({ index }) => index))
  const effects = new Set(cone.map(({ cause, node }) => `${cause} ${node}`))
  return ({ sent, end }) => {
    if (!causes.has(sent.cause)) return false
    return end?.kind !== packetArrived.name || effects.has(`${sent.cause} ${end.node}`)
  }
}

function packetArrows(
  history: History,
  packets: readonly Packet[],
  laneOf: ReadonlyMap<string, number>,
  wanted: Wanted,
  limit: number,
): readonly Arrow[] {
  const arrows: Arrow[] = []
  const before = new Set<string>()
  for (const packet of packets) {
    const { sent, end } = packet
    const [from, to] = [laneOf.get(history.names.text(sent.node)), laneOf.get(history.names.text(Number(sent['to'])))]
    if (from === undefined || to === undefined || !wanted(packet)) continue
    const message = messageBehind(history, sent)
    const about = history.names.text(Number(sent['about']))
    const key = `${from} ${to} ${about} ${message}`
    const again = message !== '' && before.has(key)
    before.add(key)
    arrows.push({ from, to, ...endingOf(history, packet), again, about, message, text: packetText(history, sent, end) })
    if (arrows.length === limit) break
  }
  return arrows
}

function endingOf(history: History, { sent, end }: Packet): Pick<Arrow, 'sentAt' | 'endedAt' | 'lost'> {
  const isLost = end?.kind === packetLost.name
  const lost = isLost ? history.names.text(Number(end['reason'])) : end === undefined ? 'the run ended' : undefined
  return { sentAt: sent.time, endedAt: end?.time ?? sent.time, lost }
}

function packetText(history: History, sent: AnyFact, end: AnyFact | undefined): string {
  const took = end === undefined ? '' : `, ${durationText(end.time - sent.time)} on its way`
  if (end?.kind === packetLost.name) return `${factPhrase(history, end)}${took}`
  return `${factPhrase(history, sent)}${took}`
}

/** The message that a packet is about: that of the fact it was sent for; empty where there is none. */
function messageBehind(history: History, { cause }: AnyFact): string {
  const message = cause === noFact ? undefined : history.at(cause)['message']
  return typeof message === 'number' ? history.names.text(message) : ''
}

/** Of a history without packets: an arrow wherever something at one node was caused by something at another. */
function causedArrows(
  history: History,
  laneOf: ReadonlyMap<string, number>,
  facts: readonly AnyFact[],
  limit: number,
): readonly Arrow[] {
  const arrows: Arrow[] = []
  const before = new Set<string>()
  for (const fact of facts) {
    if (fact.cause === noFact) continue
    const earlier = history.at(fact.cause)
    const [from, to] = [laneOf.get(history.names.text(earlier.node)), laneOf.get(history.names.text(fact.node))]
    const key = `${fact.cause} ${fact.node}`
    if (from === undefined || to === undefined || from === to || before.has(key)) continue
    before.add(key)
    const name = fact['message'] ?? earlier['message']
    const message = typeof name === 'number' ? history.names.text(name) : ''
    arrows.push({
      from,
      to,
      sentAt: earlier.time,
      endedAt: fact.time,
      lost: undefined,
      again: false,
      about: message,
      message,
      text: factPhrase(history, fact),
    })
    if (arrows.length === limit) break
  }
  return arrows
}
