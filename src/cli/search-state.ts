import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import type { Searched } from '../exploration/search.ts'
import type { SearchSpace } from '../exploration/search-space.ts'
import { writeAtomically } from './atomic-files.ts'
import { InputError, problemWith, reasonOf } from './problems.ts'

/** A search as a file: what is searched, and how much of it there is. Whoever has it can go on, or put it together with other parts. */
export interface SearchState {
  readonly format: typeof stateFormat
  readonly runs: number
  readonly space: SearchSpace
  readonly searched: Searched
}

const stateFormat = 'onceproof search 2'
const stateFile = 'search.json'

export async function saveState(folder: string, state: Omit<SearchState, 'format'>): Promise<string> {
  const content = JSON.stringify({ format: stateFormat, ...state }, written)
  await writeAtomically(folder, [{ name: stateFile, content }])
  return path.join(folder, stateFile)
}

/** The search that was begun in a folder; nothing where there is none, or where it was another one. */
export function stateToResume(folder: string, space: SearchSpace): Searched | undefined {
  const file = path.join(folder, stateFile)
  if (!existsSync(file)) return undefined
  const state = readState(file)
  return isSameSpace(state.space, space) ? state.searched : undefined
}

export function isSameSpace(one: SearchSpace, other: SearchSpace): boolean {
  return JSON.stringify(one, written) === JSON.stringify(other, written)
}

export function readState(file: string): SearchState {
  const state = parsed(textOf(file))
  if (isState(state)) return state
  throw new InputError([problemWith(file, 'expected a search that explore has saved', 'They are named search.json.')])
}

/** What JSON has no word for. Bytes are packed. */
function written(_key: string, value: unknown): unknown {
  if (value === Infinity || value === -Infinity) return { [infinite]: value > 0 ? 1 : -1 }
  return value instanceof Uint8Array ? { [bytes]: deflateSync(value).toString('base64') } : value
}

function read(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const [[name, content] = [], ...more] = Object.entries(value)
  if (more.length > 0) return value
  if (name === infinite) return Number(content) * Infinity
  return name === bytes ? new Uint8Array(inflateSync(Buffer.from(String(content), 'base64'))) : value
}

const infinite = '∞'
const bytes = '…'

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError([problemWith(file, `it cannot be read: ${reasonOf(error)}`)])
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, read)
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is SearchState {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === stateFormat
}
