import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import type { TracedMessage } from '../application/service.ts'
import { quoted } from './issue.ts'
import type { Place } from './problem.ts'
import { parseDuration, parseNumber, parseSize } from './quantity.ts'
import type { Reading, Spot } from './reading.ts'
import type { DroppedSecrets } from './secrets.ts'

/** Reads a file that a scenario refers to; nothing where there is none. */
export type ReadText = (path: string) => string | undefined

/** A message as the scenario or the file has it. */
interface WrittenMessage {
  readonly time: number
  readonly key?: string | null | undefined
  readonly size?: number | null | undefined
  readonly type?: string | null | undefined
  readonly operation?: string | null | undefined
  readonly body?: unknown
}

interface Row {
  readonly line: number
  readonly fields: Readonly<Record<string, unknown>>
}

const defaultSize = 256

/** Recorded traces: CSV with a header, or a JSON object a line, by the ending of the file. */
export class TraceReader {
  readonly #readText: ReadText
  readonly #secrets: DroppedSecrets

  constructor(readText: ReadText, secrets: DroppedSecrets) {
    this.#readText = readText
    this.#secrets = secrets
  }

  /** The messages of a trace, in the order of time; nothing where it is wrong. Those of a file count their time from the first one. */
  read(
    reading: Reading,
    spot: Spot,
    trace: string | readonly WrittenMessage[],
    name: string,
  ): readonly TracedMessage[] | undefined {
    const written = typeof trace === 'string' ? this.#readFile(reading, spot, trace) : trace
    if (written === undefined) return undefined
    if (written.length === 0) reading.refuse(spot, 'expected messages, found none')
    const messages = written.map((message) => this.#messageOf(message, name, spot))
    return messages.sort((one, other) => one.time - other.time)
  }

  #messageOf({ time, key, size, type, operation, body }: WrittenMessage, name: string, spot: Spot): TracedMessage {
    const path = spot.path.map(String)
    const clean = (text: string | null | undefined, field: string): string | undefined => {
      const kept = text === null || text === undefined ? undefined : this.#secrets.fromBody(text, [...path, field])
      return typeof kept === 'string' ? kept : undefined
    }
    return {
      time,
      key: clean(key, 'key') ?? '',
      size: size ?? sizeOf(body),
      type: clean(type, 'type') ?? name,
      operation: clean(operation, 'operation'),
      body: body === null ? undefined : this.#secrets.fromBody(body, [...path, 'body']),
    }
  }

  #readFile(reading: Reading, spot: Spot, path: string): readonly WrittenMessage[] | undefined {
    const text = this.#textOf(path)
    if (text === undefined) {
      reading.refuse(spot, `the trace ${quoted(path)} cannot be read`, 'It is looked for beside the scenario.')
      return undefined
    }
    const isLines = /\.(jsonl|ndjson)$/i.test(path)
    if (!isLines && !/\.csv$/i.test(path)) {
      reading.refuse(spot, `expected a trace ending in .csv, .jsonl or .ndjson, found ${quoted(path)}`)
      return undefined
    }
    const file = new TraceFile(reading, path)
    const rows = isLines ? file.rowsOfLines(text) : file.rowsOfCsv(text)
    const messages = rows.flatMap((row) => file.messageOf(row) ?? [])
    if (file.isWrong) return undefined
    const start = messages.reduce((least, { time }) => Math.min(least, time), Infinity)
    return messages.map((message) => ({ ...message, time: message.time - start }))
  }

  #textOf(path: string): string | undefined {
    try {
      return this.#readText(path)
    } catch {
      return undefined
    }
  }
}

const columns = ['time', 'key', 'size', 'type', 'operation', 'body']

/** The rows of one file. Columns that mean nothing here are left alone: a trace was not written for us. */
class TraceFile {
  readonly #reading: Reading
  readonly #file: string
  #problems = 0

  constructor(reading: Reading, file: string) {
    this.#reading = reading
    this.#file = file
  }

  get isWrong(): boolean {
    return this.#problems > 0
  }

  rowsOfCsv(text: string): readonly Row[] {
    const header = headerOf(text)
    if (!header.includes('time')) {
      // Without a header the first line is a message, which is not to be shown.
      this.#refuse(1, 'expected a header with a column time, found none')
      return []
    }
    try {
      const rows: unknown = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, info: true })
      return Array.isArray(rows) ? rows.map(rowOfCsv) : []
    } catch (error) {
      // The library's own words may quote what is in the file.
      const lines: unknown = error instanceof CsvError ? error['lines'] : undefined
      const code =
        error instanceof CsvError ? error.code.toLowerCase().replaceAll('_', ' ').replace(/^csv /, '') : 'unknown'
      this.#refuse(typeof lines === 'number' ? lines : 1, `not CSV: ${code}`)
      return []
    }
  }

  rowsOfLines(text: string): readonly Row[] {
    return text.split(/\r?\n/).flatMap((line, index) => {
      if (line.trim() === '') return []
      const fields = jsonOf(line)
      if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
        return [{ line: index + 1, fields: Object.fromEntries(Object.entries(fields)) }]
      this.#refuse(index + 1, 'expected a JSON object, found something else')
      return []
    })
  }

  messageOf({ line, fields }: Row): WrittenMessage | undefined {
    if (this.#problems >= shownProblems) return undefined
    const text = (name: string): string | undefined => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined
      return value === undefined || value === null || value === '' || typeof value === 'object'
        ? undefined
        : String(value)
    }
    const time = this.#quantity(line, 'time', text('time') ?? '', timeOf, 'a time in seconds or with a unit')
    const sizeText = text('size')
    const size =
      sizeText === undefined ? null : this.#quantity(line, 'size', sizeText, parseSize, 'a size such as 512 or 1 KiB')
    if (time === undefined || size === undefined) return undefined
    const body = Object.hasOwn(fields, 'body') ? bodyOf(fields['body']) : undefined
    return { time, size, key: text('key'), type: text('type'), operation: text('operation'), body }
  }

  #quantity(
    line: number,
    column: string,
    text: string,
    parseText: (text: string) => number | undefined,
    expected: string,
  ): number | undefined {
    const value = parseText(text)
    if (value !== undefined && value >= 0) return value
    this.#refuse(line, `expected ${expected} in the column ${column}, found ${text === '' ? 'nothing' : quoted(text)}`)
    return undefined
  }

  #refuse(line: number, message: string): void {
    this.#problems++
    const place: Place = { file: this.#file, line, column: 1 }
    this.#reading.refuse({ node: { kind: 'scalar', value: null, place }, path: [] }, message)
  }
}

/** A file of the wrong kind is wrong in every line; a few are enough to see it. */
const shownProblems = 20

function headerOf(text: string): readonly string[] {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return first.split(',').map((name) => name.trim().replaceAll('"', ''))
}

function rowOfCsv(row: unknown): Row {
  const { record, info } = Object(row) as { readonly record: unknown; readonly info: { readonly lines: number } }
  const fields = typeof record === 'object' && record !== null ? Object.entries(record) : []
  return { line: info.lines, fields: Object.fromEntries(fields.filter(([name]) => columns.includes(name))) }
}

/** µs. A bare number counts seconds, as recorded times mostly do. */
function timeOf(text: string): number | undefined {
  return parseNumber(text) === undefined ? parseDuration(text) : parseDuration(`${text}s`)
}

/** JSON where it is an object or a list; every other text stays what it is. */
function bodyOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const parsed = /^\s*[[{]/.test(value) ? jsonOf(value) : undefined
  return parsed ?? (value === '' ? undefined : value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Bytes of a body in UTF-8. */
function sizeOf(body: unknown): number {
  if (body === undefined || body === null) return defaultSize
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Math.max(
    1,
    [...text].reduce((bytes, character) => bytes + bytesOf(character.codePointAt(0) ?? 0), 0),
  )
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
