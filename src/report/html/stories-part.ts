import { momentText } from '../quantities.ts'
import { remedyPages, remedyText } from '../story/remedy.ts'
import { evidenceWords, type StoryRule } from '../story/rule.ts'
import type { Story, StoryStep } from '../story/story.ts'
import { type Content, html, link, type Markup } from './markup.ts'
import { marked } from './verdict.ts'

/** So many stories are open; the others unfold. */
const openLimit = 2

/** Whether the time of a step leads to its moment in the diagram of the page. */
type Moments = 'linked' | 'without-links'

/** What broke and what was saved, told step by step. */
export function storiesPart(stories: readonly Story[], moments: Moments = 'linked'): Content {
  if (stories.length === 0) return undefined
  const broken = stories.filter((story) => story.of === 'broken')
  const held = stories.filter((story) => story.of === 'held')
  return [
    broken.map((story, place) => storyDetails(story, place < openLimit, moments)),
    held.map((story, place) => storyDetails(story, broken.length === 0 && place < openLimit, moments)),
  ]
}

function storyDetails(story: Story, open: boolean, moments: Moments): Markup {
  const { of, heading, outcome, steps, remedy } = story
  const standing = of === 'broken' ? 'broken' : 'holds'
  return html`<details class="story told" ${open ? html` open` : undefined}>
    <summary>${marked(standing, heading)}: ${outcome}</summary>
    <ol class="steps">
      ${steps.map((step) => stepItem(step, moments))}
    </ol>
    ${
      remedy === undefined
        ? undefined
        : html`<p class="remedy">
            ${remedyText(remedy)}. ${remedyPages(remedy).map((page) => html`${link(page, 'Source')} `)}
          </p>`
    }
  </details> `
}

function stepItem({ fact, text, rule }: StoryStep, moments: Moments): Markup {
  const time = momentText(fact.time)
  const moment =
    moments === 'linked'
      ? html`<a class="moment" href="#t=${fact.time}">${time}</a>`
      : html`<span class="moment">${time}</span>`
  return html`<li>
    ${moment} <span>${text}.</span>${rule === undefined ? undefined : html` <small>${ruleMarkup(rule)}</small>`}
  </li> `
}

function ruleMarkup({ statement, evidence, page }: StoryRule): Markup {
  const source = page === undefined ? undefined : html`, ${link(page, page.startsWith('http') ? 'source' : page)}`
  return html`${statement} <span class="evidence">${evidenceWords[evidence]}${source}</span>`
}
