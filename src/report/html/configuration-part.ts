import type { Run } from '../../run.ts'
import { type ResolvedOption, resolvedOptions } from '../resolved-options.ts'
import { type Content, html, link, type Markup, table } from './markup.ts'
import { servicesTable } from './services-table.ts'

type Description = Run['systems'][number]

/** The configuration as it was resolved: what was set first, the defaults folded away. */
export function configurationPart(run: Run): Markup {
  return html`${run.systems.map(systemConfiguration)} ${run.parts.stores.map(partConfiguration)}
    <h3>Services</h3>
    ${servicesTable(run)}
    ${run.parts.strategies.filter(({ options }) => Object.keys(options).length > 0).map(partConfiguration)}`
}

/** A store, or the strategy of a service. */
function partConfiguration({ name, kind, summary, options, settings }: Run['parts']['stores'][number]): Markup {
  return html`<h3><span class="name">${name}</span>: ${kind}</h3>
    <p class="small soft">${summary}</p>
    ${optionTables(`${name}, a ${kind}`, resolvedOptions(options, settings))}`
}

/** What the models of these systems do not show. */
export function omissionsPart({ systems }: Run): Content {
  const told = systems.filter(({ omissions }) => omissions.length > 0)
  if (told.length === 0) return undefined
  return html`${told.map(
    ({ title, version, omissions }) =>
      html`<h3>${named(title, version)}</h3>
        <ul class="choices">
          ${omissions.map((omission) => html`<li>${omission}</li>`)}
        </ul>`,
  )}`
}

function systemConfiguration({ name, title, version, options, settings, clients }: Description): Markup {
  return html`<h3><span class="name">${name}</span>: ${named(title, version)}</h3>
    ${optionTables(name, resolvedOptions(options, settings))}
    ${clients.map(
      (client) =>
        html`<h3 class="small">
            <span class="name">${client.service}</span>, as a ${client.role} of <span class="name">${name}</span>
          </h3>
          ${optionTables(`${client.service} ${client.role}`, resolvedOptions(client.options, client.settings))}`,
    )}`
}

function optionTables(owner: string, options: readonly ResolvedOption[]): Content {
  const changed = options.filter(({ differs }) => differs)
  const same = options.filter(({ differs }) => !differs)
  const heads = ['Option', 'Value', 'Default', 'What it is']
  return [
    changed.length === 0
      ? html`<p class="small soft">Nothing differs from the defaults.</p>`
      : table(`What differs from the defaults of ${owner}`, heads, changed.map(optionCells)),
    same.length === 0
      ? undefined
      : html`<details>
          <summary>${same.length === 1 ? '1 option' : `${same.length} options`} at the default</summary>
          ${table(`Options of ${owner} at their defaults`, heads, same.map(optionCells))}
        </details>`,
  ]
}

function optionCells({ path, value, fallback, differs, summary, page }: ResolvedOption): readonly Content[] {
  const shown = differs ? html`<span class="set">${value}</span>` : html`${value}`
  const about = page === undefined ? html`${summary}` : html`${summary} ${link(page, 'Source')}`
  return [html`<code>${path}</code>`, shown, fallback, html`<span class="small">${about}</span>`]
}

function named(title: string, version: string): string {
  return version === '' ? title : `${title} ${version}`
}
