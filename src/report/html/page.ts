import { type Content, html, madeHere } from './markup.ts'
import { styles } from './styles.ts'

/**
 * Nothing may be loaded from anywhere, and no program may run but the one that the page brings: a report is text and pictures. Styles stand in
 * the page, as the pictures need them on their elements.
 */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** A program of a page, with the digest that lets it run. */
export interface Script {
  readonly text: string
  readonly digest: string
}

/** A whole page, in one file that opens without a network. */
export function page(title: string, header: Content, main: Content, script?: Script): string {
  const scripts = script === undefined ? '' : `; script-src '${script.digest}'`
  const body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}${scripts}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${madeHere(styles)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>${header}</header>
        <main id="content" tabindex="-1">${main}</main>
        <footer>
          Made by Onceproof from a deterministic run: times are virtual, and the same scenario and seed give the same
          page.
        </footer>
        ${script === undefined ? undefined : madeHere(`<script>${script.text}</script>`)}
      </body>
    </html> `
  return body.text
}
