import { gzipSync } from 'node:zlib'
import type { History } from '../history/history.ts'
import { historyLines } from '../history/json-lines.ts'
import type { HistorySource } from '../report/html/html.ts'
import type { ReportFile } from './atomic-files.ts'

const name = 'history.jsonl'

/** Characters that are written at a time: a write for each line would take most of the time of a report. */
const chunkSize = 1 << 20

/** The whole history as a file. */
export function historyFile(history: History): ReportFile {
  return { name, content: inChunks(historyLines(history)) }
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = []
  let size = 0
  for (const line of lines) {
    chunk.push(line)
    size += line.length
    if (size < chunkSize) continue
    yield chunk.join('')
    chunk = []
    size = 0
  }
  yield chunk.join('')
}

/** So many facts are put into the page itself; more are beside it. */
const embeddedFacts = 20_000

/** Where a page finds the history: in itself, compressed, where that is small; else in the file beside it. */
export function historySource(history: History): HistorySource {
  if (history.length > embeddedFacts) return { name, href: name }
  const compressed = pack([...historyLines(history)].join(''))
  return { name: `${name}.gz`, href: `data:application/gzip;base64,${compressed}` }
}

/** A text as gzip in base64, as pages have long ones. */
export function pack(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64')
}
