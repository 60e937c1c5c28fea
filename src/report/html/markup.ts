/** Text that is HTML already. Everything else is escaped when it is put into a page. */
export interface Markup {
  readonly text: string
}

/** What can stand inside a page: text is escaped, lists are joined, nothing is nothing. */
export type Content = Markup | string | number | undefined | readonly Content[]

/** A piece of a page; what is filled in is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { text: strings.map((text, place) => text + rendered(contents[place])).join('') }
}

/** HTML or SVG that this program made itself, escaped where it had to be. */
export function madeHere(text: string): Markup {
  return { text }
}

/** A link for addresses of the web; anything else is shown as text. */
export function link(address: string, text: string): Markup {
  return /^https?:\/\//.test(address) ? html`<a href="${address}" rel="noreferrer">${text}</a>` : html`${text}`
}

/** Tables with more columns than this are set smaller on paper. */
const fewColumns = 7

/** The class of a table with so many columns. */
export function widthClass(columns: number): string {
  return columns > fewColumns ? 'many' : ''
}

/** More letters than this in the heads of a table take more room than there is, if they stand in one line. */
const lineOfHeads = 90

function classesOf(heads: readonly string[]): string {
  const isLong = heads.join('').length > lineOfHeads
  return [widthClass(heads.length), isLong ? 'long' : ''].filter((name) => name !== '').join(' ')
}

/** A table with a caption for those who cannot see where it stands. Cells that are numbers are set to the right. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table class="${classesOf(heads)}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head, place) => headCell(head, rows[0]?.[place]))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map(cell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function headCell(head: string, below: Content): Markup {
  return typeof below === 'number'
    ? html`<th scope="col" class="number">${head}</th>`
    : html`<th scope="col">${head}</th>`
}

function cell(content: Content): Markup {
  return typeof content === 'number' ? html`<td class="number">${content}</td>` : html`<td>${content}</td>`
}

function rendered(content: Content): string {
  if (content === undefined) return ''
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  if ('text' in content) return content.text
  return content.map(rendered).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}&<>"']/gu, (character) => entities[character] ?? (character === '\n' ? '\n' : ' '))
}
