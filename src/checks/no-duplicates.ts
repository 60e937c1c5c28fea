import type { Check, CheckContext, CheckRow, Witness } from './check.ts'
import { conclude } from './conclude.ts'
import { actorAtText, evidenceOf, timesText } from './saying.ts'
import { nothingSeen } from './nothing-seen.ts'
import type { Repeat, View } from './view.ts'
import { WorstFew } from './worst-few.ts'

/** Nothing comes twice: no message is handed to a service again, no effect is applied again. */
export const noDuplicates: Check = {
  name: 'no-duplicates',
  title: 'nothing comes twice',
  scope: 'guarantee',
  begin: (context) => ({
    kinds: [],
    see: () => undefined,
    finish: () => context.sightings.views.map((view) => judgeView(context, view)),
  }),
}

function judgeView(context: CheckContext, view: View): CheckRow {
  const repeated = new WorstFew<Repeat>()
  let extra = 0
  for (const repeat of view.repeats()) {
    repeated.add(repeat.times, repeat)
    extra += repeat.times - 1
  }
  return conclude(
    {
      service: view.viewer.label,
      guarantee: noDuplicates.name,
      level: view.level,
      judged: view.distinct,
      counts: { extra },
    },
    {
      violations: repeated.count,
      witnesses: repeated.kept.map((repeat) => witness(context, view, repeat)),
      undecided: nothingSeen(view) ?? context.end.cutOff,
    },
  )
}

function witness({ names, recall }: CheckContext, view: View, { item, times, first, last }: Repeat): Witness {
  const text = names.text(item)
  const verb = view.level === 'effect' ? 'applied' : 'delivered'
  const by = view.level === 'effect' ? 'by' : 'to'
  const again = times > 2 ? 'last' : 'again'
  return {
    item: text,
    sentence:
      `${text} was ${verb} ${timesText(times)} ${by} ${view.viewer.receiver}: ` +
      `first ${by} ${actorAtText(recall(first), names)}, ${again} ${by} ${actorAtText(recall(last), names)}.`,
    evidence: evidenceOf(recall, [first, last]),
  }
}
