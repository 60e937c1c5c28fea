import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'

/** A part of a page, with the heading that the list of contents names. */
export interface Part {
  readonly id: string
  readonly heading: string
  /** Nothing where there is nothing to say: then the part is left out. */
  readonly body: Content
}

/** The list of contents and the parts that have something to say. */
export function partsWithContents(parts: readonly Part[]): Content {
  const told = parts.filter(({ body }) => saysSomething(body))
  const links = told.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li> `)
  return [
    html`<nav aria-label="Contents">
      <ul>
        ${links}
      </ul>
    </nav>`,
    told.map(section),
  ]
}

function saysSomething(body: Content): boolean {
  return Array.isArray(body) ? body.some(saysSomething) : body !== undefined
}

function section({ id, heading, body }: Part): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    ${body}
  </section> `
}
