import {
  acknowledged,
  delivered,
  effectApplied,
  faultStruck,
  handlingFailed,
  nodeCrashed,
  nodeLostPower,
  nodePaused,
  nodeStopped,
  submitted,
} from '../../history/facts.ts'
import type { AnyFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import { counted } from '../../report/quantities.ts'

/** How often what a check is about really happened, over all of its runs. */
export interface Exercised {
  /** Deliveries of messages that had been delivered before. */
  readonly redeliveries: number
  /** Processes that died with a message in hand, before any effect of it. */
  readonly deathsBeforeEffect: number
  /** Processes that died after an effect and before the message was acknowledged: where duplicates come from. */
  readonly deathsBetweenEffectAndAcknowledgement: number
  /** Processes that were told to stop with a message in hand. */
  readonly stopsInHand: number
  /** Processes that froze with a message in hand. */
  readonly pausesInHand: number
  /** Handlers that ended in an error: a dependency that did not answer, or an error of their own. */
  readonly failedHandlings: number
  /** Faults that struck anything else (brokers, stores, links) while there were messages that nobody had acknowledged. */
  readonly otherFaults: number
}

export const nothingExercised: Exercised = {
  redeliveries: 0,
  deathsBeforeEffect: 0,
  deathsBetweenEffectAndAcknowledgement: 0,
  stopsInHand: 0,
  pausesInHand: 0,
  failedHandlings: 0,
  otherFaults: 0,
}

export function together(one: Exercised, other: Exercised): Exercised {
  return {
    redeliveries: one.redeliveries + other.redeliveries,
    deathsBeforeEffect: one.deathsBeforeEffect + other.deathsBeforeEffect,
    deathsBetweenEffectAndAcknowledgement:
      one.deathsBetweenEffectAndAcknowledgement + other.deathsBetweenEffectAndAcknowledgement,
    stopsInHand: one.stopsInHand + other.stopsInHand,
    pausesInHand: one.pausesInHand + other.pausesInHand,
    failedHandlings: one.failedHandlings + other.failedHandlings,
    otherFaults: one.otherFaults + other.otherFaults,
  }
}

/** Whether anything happened to a message that might have been handled wrongly for it. */
export function isAnythingExercised(exercised: Exercised): boolean {
  return Object.values(exercised).some((count: number) => count > 0)
}

/** The kinds of facts that tell of what was exercised. */
const telling = [
  ...[submitted, delivered, effectApplied, acknowledged, handlingFailed],
  ...[nodeCrashed, nodeLostPower, nodeStopped, nodePaused, faultStruck],
]

type Counts = { -readonly [name in keyof Exercised]: number }

/** What one run exercised. */
export function exercisedIn(history: History, members: readonly string[]): Exercised {
  const counts: Counts = { ...nothingExercised }
  /** What each member has in hand: messages, and whether an effect of them is there. */
  const inHand = new Map<string, Map<unknown, boolean>>(members.map((member) => [member, new Map()]))
  const open = new Set<unknown>()
  const see = (fact: AnyFact): void => {
    const node = history.names.text(fact.node)
    const mine = inHand.get(node)
    switch (fact.kind) {
      case submitted.name:
        open.add(fact['message'])
        break
      case delivered.name:
        mine?.set(fact['message'], false)
        if (Number(fact['attempt']) > 1) counts.redeliveries++
        break
      case effectApplied.name:
        for (const each of inHand.values()) if (each.has(fact['message'])) each.set(fact['message'], true)
        break
      case acknowledged.name:
        open.delete(fact['message'])
        mine?.delete(fact['message'])
        break
      case handlingFailed.name:
        if (mine !== undefined) counts.failedHandlings++
        mine?.delete(fact['message'])
        break
      case nodeCrashed.name:
      case nodeLostPower.name:
        countDeath(counts, mine)
        mine?.clear()
        break
      case nodeStopped.name:
        mine?.clear()
        break
      case nodePaused.name:
        if (mine !== undefined && mine.size > 0) counts.pausesInHand++
        break
      case faultStruck.name:
        countStrike(counts, open.size, inHand, history, fact)
    }
  }
  history.show(new Map(telling.map(({ name }) => [name, see])))
  return counts
}

/** What else a fault struck, and whom it told to stop who had something in hand. */
function countStrike(
  counts: Counts,
  open: number,
  inHand: ReadonlyMap<string, ReadonlyMap<unknown, boolean>>,
  history: History,
  fact: AnyFact,
): void {
  const struck = struckIn(history, fact)
  const members = struck.flatMap((name) => inHand.get(name) ?? [])
  if (open > 0 && members.length === 0) counts.otherFaults++
  const isStop = ['restart', 'deploy', 'scale-in'].includes(history.names.text(Number(fact['action'])))
  if (isStop) counts.stopsInHand += members.filter(({ size }) => size > 0).length
}

function struckIn({ names }: History, fact: AnyFact): readonly string[] {
  return names.text(Number(fact['target'])).split(', ')
}

function countDeath(counts: Counts, inHand: ReadonlyMap<unknown, boolean> | undefined): void {
  if (inHand === undefined || inHand.size === 0) return
  if ([...inHand.values()].includes(true)) counts.deathsBetweenEffectAndAcknowledgement++
  else counts.deathsBeforeEffect++
}

/** `12 crashes between effect and acknowledgement, 40 redeliveries`: what happened, the most telling first. */
export function exercisedText(exercised: Exercised): string {
  const said: readonly (readonly [number, string, string])[] = [
    [
      exercised.deathsBetweenEffectAndAcknowledgement,
      'crash between effect and acknowledgement',
      'crashes between effect and acknowledgement',
    ],
    [exercised.deathsBeforeEffect, 'crash before the effect', 'crashes before the effect'],
    [exercised.redeliveries, 'redelivery', 'redeliveries'],
    [exercised.stopsInHand, 'stop with a message in hand', 'stops with a message in hand'],
    [exercised.pausesInHand, 'pause with a message in hand', 'pauses with a message in hand'],
    [exercised.failedHandlings, 'handling that failed', 'handlings that failed'],
    [exercised.otherFaults, 'fault of brokers, stores and links', 'faults of brokers, stores and links'],
  ]
  const happened = said.filter(([count]) => count > 0)
  return happened.map(([count, one, many]) => counted(count, one, many)).join(', ')
}
