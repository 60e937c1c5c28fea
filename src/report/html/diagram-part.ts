import type { Diagram } from '../diagram/diagram.ts'
import { drawDiagram } from '../diagram/draw.ts'
import { shapeNames } from '../diagram/shape.ts'
import { signs } from '../diagram/signs.ts'
import { countText, momentText } from '../quantities.ts'
import { type Content, html, madeHere, type Markup, table } from './markup.ts'

/** The diagrams of a page, the first of them open; programs of the page put the others in its place. */
export interface DiagramViews {
  readonly stories: readonly Diagram[]
  /** Where there is no story, so much of everything as a still picture holds. */
  readonly excerpt: Diagram | undefined
  /** As much of everything as a page holds. */
  readonly everything: Diagram | undefined
}

/** Makes a long text short, as gzip in base64. */
export type Pack = (text: string) => string

/** A picture that is longer than this is packed, characters. */
const packedFrom = 100_000

/** So many rows of the table that stands for a picture. */
const rowLimit = 200

/**
 * Space and time as a picture with its legend, and the same as a table. Without programs the first picture stands alone. With `pack`, large
 * pictures take little room in the page until somebody wants to see them.
 */
export function diagramPart({ stories, excerpt, everything }: DiagramViews, pack?: Pack): Content {
  const views = [
    ...stories.map((diagram, place) => ({
      name: `story-${place + 1}`,
      label: diagram.title,
      diagram,
      room: 'roomy' as const,
    })),
    ...dense('excerpt', excerpt),
    ...dense('everything', everything),
  ]
  const [first] = views
  if (first === undefined) return undefined
  const drawn = views.map((view) => ({ ...view, svg: drawDiagram(view.diagram, { room: view.room, id: view.name }) }))
  return html`<div class="dg" data-view="${first.name}">
    <div class="bar" hidden>
      <label
        >Show
        <select aria-label="What the diagram shows">
          ${views.map(({ name, label, diagram }) => html`<option value="${name}">${label}${diagram.leftOut > 0 ? ` (without ${countText(diagram.leftOut)} more)` : ''}</option>`)}
        </select></label
      >
      ${buttons.map(([action, label, keys]) => html`<button type="button" data-do="${action}" title="${label} (${keys})" aria-label="${label}">${signOf(action)}</button>`)}
    </div>
    <details class="small keys" hidden>
      <summary>Keys and clicks (?)</summary>
      ${helpTable()}
    </details>
    <div
      class="scene"
      style="--least:${leastWidth(drawn[0]?.svg ?? '')}px"
      tabindex="0"
      role="region"
      aria-label="Space-time diagram"
    >
      ${madeHere(drawn[0]?.svg ?? '')}
    </div>
    <p class="now" aria-live="polite"></p>
    ${legend()} ${drawn.map(({ name, svg }) => templateOf(name, svg, pack))}
    <details>
      <summary>The same as a table</summary>
      ${eventTable(first.diagram)}
    </details>
  </div>`
}

/** Narrower than this nobody could read it: it is moved sideways instead. */
function leastWidth(svg: string): number {
  return Math.round(Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? 0) * 0.75)
}

interface View {
  readonly name: string
  readonly label: string
  readonly diagram: Diagram
  readonly room: 'dense'
}

function dense(name: string, diagram: Diagram | undefined): readonly View[] {
  return diagram === undefined ? [] : [{ name, label: diagram.title, diagram, room: 'dense' }]
}

function templateOf(name: string, svg: string, pack: Pack | undefined): Markup {
  return pack === undefined || svg.length < packedFrom
    ? html`<template data-view="${name}">${madeHere(svg)}</template>`
    : html`<template data-view="${name}" data-packed="${pack(svg)}"></template>`
}

const buttons: readonly (readonly [action: string, label: string, keys: string])[] = [
  ['previous', 'Previous event', '←'],
  ['next', 'Next event', '→'],
  ['play', 'Play', 'space'],
  ['fault', 'Next fault', 'f'],
  ['broken', 'Next thing that broke', 'v'],
  ['smaller', 'Smaller', '−'],
  ['larger', 'Larger', '+'],
]

/** What the picture answers to while it has the focus. */
const help: readonly (readonly [keys: string, does: string])[] = [
  ['← → or ↑ ↓', 'the event before, the event after; the address of the page is that of the moment'],
  ['shift with an arrow', 'the same for the message of this event'],
  ['Home, End', 'the first event, the last one'],
  ['space', 'play, or stop'],
  ['f', 'the next fault'],
  ['v', 'the next thing that broke'],
  ['+ −', 'larger, smaller'],
  ['click', 'follow a message through the system; beside an event, or Esc, to let it go'],
  ['?', 'show or hide these'],
]

function helpTable(): Markup {
  return html`<dl class="meanings">
    ${help.map(
      ([keys, does]) =>
        html`<dt>${keys}</dt>
          <dd>${does}</dd>`,
    )}
  </dl>`
}

function signOf(action: string): string {
  return { previous: '←', next: '→', play: '▶', fault: '⚡', broken: '◌', smaller: '−', larger: '+' }[action] ?? action
}

function legend(): Markup {
  const entries = Object.entries(shapeNames).map(
    ([shape, name]) =>
      html`<li>
        <svg class="diagram" viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
          ${madeHere(signs[shapeNamed(shape)])}
        </svg>
        ${name}
      </li> `,
  )
  return html`<ul class="legend">
    ${entries}
    <li>
      <svg class="diagram" viewBox="0 0 30 18" width="30" height="18" aria-hidden="true">
        <path d="M1 9h18" class="arrow lost" />
        <path d="M17 4l10 10m0-10l-10 10" class="x" />
      </svg>
      lost
    </li>
    <li>
      <svg class="diagram" viewBox="0 0 30 18" width="30" height="18" aria-hidden="true">
        <path d="M1 9h28" class="arrow again" />
      </svg>
      the same again
    </li>
    <li>
      <svg class="diagram" viewBox="-12 -12 24 24" width="20" height="20" aria-hidden="true">
        <circle r="10" class="ring" />
      </svg>
      evidence
    </li>
  </ul>`
}

function shapeNamed(name: string): keyof typeof signs {
  return isShape(name) ? name : 'other'
}

function isShape(text: string): text is keyof typeof signs {
  return Object.hasOwn(signs, text)
}

/** Everything of a picture in the order of time. */
function eventTable({ marks, arrows, lanes }: Diagram): Markup {
  const name = (lane: number): string => lanes[lane]?.name ?? ''
  const events = [
    ...marks.map(({ at, lane, text }) => ({ at, where: name(lane), text })),
    ...arrows.map(({ sentAt, from, to, text }) => ({ at: sentAt, where: `${name(from)} → ${name(to)}`, text })),
  ].toSorted((one, other) => one.at - other.at)
  const rows = events.slice(0, rowLimit).map(({ at, where, text }) => [momentText(at), where, text])
  return table('Events of the diagram', ['Time', 'Where', 'What happened'], rows)
}
