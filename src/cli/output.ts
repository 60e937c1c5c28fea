import { styleText } from 'node:util'
import type { Style } from '../report/paint.ts'
import { exitCodes } from './exit-code.ts'
import { isRefusal, reasonOf } from './problems.ts'

/** Results: what somebody may pipe into another program. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Everything that is not a result: problems, times, where files went. */
export function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** The colours of one of the streams: none, unless it is a terminal. `--color`, `--no-color`, FORCE_COLOR and NO_COLOR decide, in this order. */
export function styleOf(stream: NodeJS.WriteStream, wanted: boolean | undefined): Style {
  const colours = wanted ?? coloursOf(stream)
  type Format = Parameters<typeof styleText>[0]
  // Whether to colour is decided above, not by Node, which looks at the stream in ways that differ from version to version.
  const painted = (format: Format) => (text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text
  return {
    broken: painted(['red', 'bold']),
    holds: painted('green'),
    unknown: painted('yellow'),
    strong: painted('bold'),
    faint: painted('dim'),
  }
}

function coloursOf(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: none, FORCE_COLOR: forced, TERM: terminal } = process.env
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (none !== undefined && none !== '') return false
  return isTerminal(stream) && terminal !== 'dumb'
}

/** Columns of the terminal; widths that read well where there is none, or one that does not know. */
export function widthOf(stream: NodeJS.WriteStream): number {
  if (!isTerminal(stream)) return 100
  return stream.columns > 0 ? Math.max(40, Math.min(stream.columns, 120)) : 80
}

/** `isTTY` is not there at all for pipes and files, whatever its type says. */
export function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true
}

/** A reader that went away (`| head`) ends the talking, not the work: reports are still written and the exit code stays true. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return
      if (!isRefusal(error)) throw error
      say(`what is printed cannot be written: ${reasonOf(error)}.`)
      process.exit(exitCodes.wrongInput)
    })
  }
}
