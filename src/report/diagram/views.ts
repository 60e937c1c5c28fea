import type { History } from '../../history/history.ts'
import type { Run } from '../../run.ts'
import type { DiagramViews } from '../html/diagram-part.ts'
import type { Story } from '../story/story.ts'
import { everythingDiagram, storyDiagram } from './build.ts'
import { observedHistory } from './observed.ts'

/** So many stories have a picture of their own. */
const storyLimit = 3

/** So many events and so many arrows a still picture holds; more nobody finds anything in. */
const stillLimit = 1500

/** So many a page holds, in which one can walk about. */
const everythingLimit = 10_000

/** The pictures of a run: one for each story, one of everything. `packets` is the history of the same run with its packets, where there is one. */
export function diagramViews(run: Run, stories: readonly Story[], packets: History | undefined): DiagramViews {
  if (!run.history.kept || run.history.length === 0) return { stories: [], excerpt: undefined, everything: undefined }
  const observed = observedHistory(run.history, packets)
  const drawn = stories.slice(0, storyLimit).map((story) => storyDiagram(run, story, observed))
  const focus = drawn[0]?.from ?? 0
  const excerpt = drawn.length > 0 ? undefined : everythingDiagram(run, focus, observed, stillLimit)
  const isEverything = excerpt !== undefined && excerpt.leftOut === 0
  const everything = isEverything ? undefined : everythingDiagram(run, focus, observed, everythingLimit)
  return { stories: drawn, excerpt, everything }
}
