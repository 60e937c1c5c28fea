import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Check, CheckContext, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { evidenceOf, factText, timeText } from './saying.ts'
import type { View } from './view.ts'
import { WorstFew } from './worst-few.ts'

/** Nothing that the producer took for sent is missing: neither what it was told is stored, nor what it assumed to be. */
export const noLoss: Check = {
  name: 'no-loss',
  title: 'whatever was taken for sent arrives',
  scope: 'guarantee',
  begin: (context) => ({
    kinds: [],
    see: () => undefined,
    finish: () => context.sightings.views.map((view) => judgeView(context, view)),
  }),
}

type Owed = 'confirmed' | 'assumed'

function judgeView(context: CheckContext, view: View): CheckRow {
  const counts = {
    confirmed: 0,
    assumed: 0,
    unknown: 0,
    confirmedLost: 0,
    assumedLost: 0,
    parked: 0,
    declined: 0,
    recovered: 0,
    pending: 0,
  }
  const lost = new WorstFew<Name>()
  for (const { message, owed } of owedMessages(context, view)) {
    const item = view.owed(message)
    const arrived = view.timesArrived(item) > 0
    if (owed === undefined) {
      counts.unknown++
      if (arrived) counts.recovered++
      continue
    }
    counts[owed]++
    if (arrived) continue
    if (view.isParked(item)) counts.parked++
    else if (isDeclined(context, view, message)) counts.declined++
    else if (context.end.cutOff !== undefined) counts.pending++
    else {
      counts[`${owed}Lost`]++
      lost.add(owed === 'confirmed' ? 1 : 0, message)
    }
  }
  const judged = counts.confirmed + counts.assumed
  const { label, receiver } = view.viewer
  return conclude(
    { service: label, guarantee: noLoss.name, level: view.level, judged, counts },
    {
      violations: lost.count,
      witnesses: lost.kept.map((message) => witness(context, view, message)),
      violationReason: context.end.stuck,
      undecided:
        judged === 0
          ? `no message that was meant for ${receiver} was confirmed or assumed`
          : counts.pending > 0
            ? `${counts.pending} of ${judged} had not arrived: ${context.end.cutOff}`
            : undefined,
    },
  )
}

/**
 * One message for each thing that is owed to a viewer, in the order of submission, and what its producer was told of it: the best that it was
 * told of any message that carries the same thing. `undefined` stands for an outcome that promises nothing.
 */
function* owedMessages(
  { sends }: CheckContext,
  view: View,
): Generator<{ readonly message: Name; readonly owed: Owed | undefined }> {
  const best = new IntegerMap()
  const { messages } = sends
  for (let place = 0; place < messages.length; place++) {
    const message = messages.at(place)
    if (!view.expects(message)) continue
    const item = view.owed(message)
    best.set(item, Math.max(best.get(item), ranks[sends.outcomeOf(message)]))
  }
  for (let place = 0; place < messages.length; place++) {
    const message = messages.at(place)
    if (!view.expects(message)) continue
    const rank = best.get(view.owed(message))
    if (rank === 0 || rank > ranks[sends.outcomeOf(message)]) continue
    best.set(view.owed(message), 0)
    const outcome = sends.outcomeOf(message)
    if (outcome === 'confirmed' || outcome === 'assumed') yield { message, owed: outcome }
    else if (outcome !== 'rejected') yield { message, owed: undefined }
  }
}

/** A thing is owed by the message that promises most; 0 stands for a thing that was dealt with. */
const ranks = { confirmed: 4, assumed: 3, unknown: 2, open: 2, rejected: 1 } as const

function isDeclined({ sends }: CheckContext, view: View, message: Name): boolean {
  return view.level === 'effect' && view.isDeclined(sends.operationOf(message))
}

function witness({ sends, sightings, names, recall }: CheckContext, view: View, message: Name): Witness {
  const text = names.text(message)
  const receiver = view.viewer.receiver
  const answer = sends.answerTo(message)
  const trace = Math.max(sightings.lastTraceOf(names.intern(receiver), message), sightings.lastCopyEndOf(message))
  const sender = names.text(sends.senderOf(message))
  const told =
    sends.outcomeOf(message) === 'confirmed' ? `was told that ${text} is safe` : `took ${text} for sent without asking`
  const missed = view.level === 'effect' ? `it has no effect in ${receiver}` : `${receiver} was never handed it`
  const last =
    trace < 0 ? 'nothing is known of it after that' : `the last that is known of it: ${factText(recall(trace), names)}`
  return {
    item: text,
    sentence: `${sender} ${told} (at ${timeText(recall(answer).time)}), but ${missed}; ${last}.`,
    evidence: evidenceOf(recall, [sends.submissionOf(message), answer, trace]),
  }
}
