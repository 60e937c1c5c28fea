import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Check, CheckContext, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { nothingSeen } from './nothing-seen.ts'
import { actorAtText, evidenceOf, timeText } from './saying.ts'
import type { View } from './view.ts'
import { WorstFew } from './worst-few.ts'

/** Nothing comes that nobody sent, or of which the producer was told that it was not taken. */
export const noInvention: Check = {
  name: 'no-invention',
  title: 'nothing comes that was not sent, or that was refused',
  scope: 'guarantee',
  begin: (context) => ({
    kinds: [],
    see: () => undefined,
    finish: () => context.sightings.views.map((view) => judgeView(context, view)),
  }),
}

interface Invention {
  readonly item: Name
  readonly why: 'unsent' | 'rejected'
  /** The fact that showed it, and the answer that ruled it out (-1 where there was none). */
  readonly shown: number
  readonly answer: number
}

function judgeView(context: CheckContext, view: View): CheckRow {
  const inventions = new WorstFew<Invention>()
  for (const [item, shown] of view.strangers) inventions.add(1, { item, why: 'unsent', shown, answer: -1 })
  const unsent = inventions.count
  for (const invention of rejectedArrivals(context, view)) inventions.add(0, invention)
  return conclude(
    {
      service: view.viewer.label,
      guarantee: noInvention.name,
      level: view.level,
      judged: view.distinct,
      counts: { unsent, rejected: inventions.count - unsent },
    },
    {
      violations: inventions.count,
      witnesses: inventions.kept.map((invention) => witness(context, view, invention)),
      undecided: nothingSeen(view) ?? context.end.cutOff,
    },
  )
}

/** What arrived although every send of it was rejected. */
function* rejectedArrivals({ sends }: CheckContext, view: View): Generator<Invention> {
  const told = new IntegerMap()
  for (let place = 0; place < sends.messages.length; place++) {
    const message = sends.messages.at(place)
    const item = view.owed(message)
    if (sends.outcomeOf(message) !== 'rejected' || told.get(item) > 0 || !view.isRejected(message)) continue
    told.set(item, 1)
    if (view.timesArrived(item) > 0)
      yield { item, why: 'rejected', shown: view.firstShown(item), answer: sends.answerTo(message) }
  }
}

function witness({ names, recall }: CheckContext, view: View, { item, why, shown, answer }: Invention): Witness {
  const fact = recall(shown)
  const text = names.text(item)
  const shownText = names.text(Number(fact[view.level === 'effect' ? 'operation' : 'message']))
  const what = shownText === text ? text : `${shownText}, which goes back to ${text}`
  const seen = `${view.viewer.receiver} ${view.level === 'effect' ? 'applied' : 'was handed'} ${what}`
  const where = `(${actorAtText(fact, names)})`
  return {
    item: text,
    sentence:
      why === 'unsent'
        ? `${seen} ${where}, but nobody ever sent ${text}.`
        : `${seen} ${where}, although its producer was told that ${text} was refused (at ${timeText(recall(answer).time)}).`,
    evidence: evidenceOf(recall, [shown, answer]),
  }
}
