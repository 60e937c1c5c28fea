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

function judgeView(context: CheckContext, view: View): CheckRow {
  const account = new Account(context, view)
  const { messages } = context.sends
  for (let place = 0; place < messages.length; place++) account.promise(messages.at(place))
  for (let place = 0; place < messages.length; place++) account.judge(messages.at(place))
  const { counts, lost } = account
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

/** A thing is owed by the message that promises most; 0 stands for a thing that was dealt with. */
const ranks = { confirmed: 4, assumed: 3, unknown: 2, open: 2, rejected: 1 } as const

/**
 * What is owed to a view, and what came of it. Of the messages that carry the same thing the one counts whose producer was told most; the first
 * of several. Each message is shown twice, in the order of submission: all promise before the first is judged.
 */
class Account {
  readonly counts = {
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
  readonly lost = new WorstFew<Name>()
  readonly #context: CheckContext
  readonly #view: View
  /** By what is owed: the highest rank of a message that carries it, until that is judged. */
  readonly #best = new IntegerMap()

  constructor(context: CheckContext, view: View) {
    this.#context = context
    this.#view = view
  }

  promise(message: Name): void {
    if (!this.#view.expects(message)) return
    const item = this.#view.owed(message)
    this.#best.set(item, Math.max(this.#best.get(item), ranks[this.#context.sends.outcomeOf(message)]))
  }

  judge(message: Name): void {
    if (!this.#view.expects(message)) return
    const item = this.#view.owed(message)
    const rank = this.#best.get(item)
    const outcome = this.#context.sends.outcomeOf(message)
    if (rank === 0 || rank > ranks[outcome] || outcome === 'rejected') return
    this.#best.set(item, 0)
    const arrived = this.#view.timesArrived(item) > 0
    if (outcome === 'confirmed' || outcome === 'assumed') this.#judgeOwed(message, item, outcome, arrived)
    else {
      this.counts.unknown++
      if (arrived) this.counts.recovered++
    }
  }

  #judgeOwed(message: Name, item: Name, outcome: 'confirmed' | 'assumed', arrived: boolean): void {
    this.counts[outcome]++
    if (arrived) return
    if (this.#view.isParked(item)) this.counts.parked++
    else if (isDeclined(this.#context, this.#view, message)) this.counts.declined++
    else if (this.#context.end.cutOff !== undefined) this.counts.pending++
    else {
      this.counts[`${outcome}Lost`]++
      this.lost.add(outcome === 'confirmed' ? 1 : 0, message)
    }
  }
}

function isDeclined({ sends }: CheckContext, view: View, message: Name): boolean {
  return view.level === 'effect' && view.isDeclined(sends.operationOf(message))
}

function witness({ sends, traces, names, recall }: CheckContext, view: View, message: Name): Witness {
  const text = names.text(message)
  const receiver = view.viewer.receiver
  const answer = sends.answerTo(message)
  const trace = traces().lastOf(names.intern(receiver), message)
  const sender = names.text(sends.senderOf(message))
  const told =
    sends.outcomeOf(message) === 'confirmed' ? `was told that ${text} is safe` : `took ${text} for sent without asking`
  const missed =
    view.level === 'effect' ? effectMissed(view, view.owed(message), names) : `${receiver} was never handed it`
  const last =
    trace < 0 ? 'nothing is known of it after that' : `the last that is known of it: ${factText(recall(trace), names)}`
  return {
    item: text,
    sentence: `${sender} ${told} (at ${timeText(recall(answer).time)}), but ${missed}; ${last}.`,
    evidence: evidenceOf(recall, [sends.submissionOf(message), answer, trace]),
  }
}

function effectMissed(view: View, owed: Name, names: CheckContext['names']): string {
  const { receiver } = view.viewer
  const missing = view.missingEffect(owed)
  if (missing === undefined || view.operationArrivals(owed) === 0) return `it has no effect in ${receiver}`
  return `of its effects in ${receiver} ${names.text(missing)} is missing`
}
