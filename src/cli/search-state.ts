import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import type { Searched } from '../exploration/search.ts'
import type { SearchSpace } from '../exploration/search-space.ts'
import { InputError, isRefusal, problemWith, reasonOf } from './problems.ts'

/** A search as a file: what is searched, and how much of it there is. Whoever has it can go on, or put it together with other parts. */
export interface SearchState {
  readonly format: typeof stateFormat
  readonly runs: number
  readonly space: SearchSpace
  readonly searched: Searched
}

const stateFormat = 'onceproof search 3'
const stateFile = 'search.json'

/** Writes it in one go, so that neither a signal nor a kill leaves half of it: there is the old file or the new one. */
export function saveState(folder: string, state: Omit<SearchState, 'format'>): string {
  const file = path.join(folder, stateFile)
  const beside = path.join(folder, `.${stateFile}.writing`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(beside, JSON.stringify({ format: stateFormat, ...state }, written))
    renameSync(beside, file)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new InputError([problemWith(file, `it cannot be written: ${reasonOf(error)}`)])
  }
  return file
}

/** How often a search that is under way is saved, ms; and the share of the time that may go into it. */
const saveEvery = 5000
const mostShare = 0.02

/** Saves a search every few seconds while it is under way. What comes later is lost if its process is killed, and made again with `--resume`. */
export function savingNowAndThen(folder: string): (soFar: () => Omit<SearchState, 'format'>) => void {
  let due = performance.now() + saveEvery
  return (soFar) => {
    const begun = performance.now()
    if (begun < due) return
    saveState(folder, soFar())
    const ended = performance.now()
    due = ended + Math.max(saveEvery, (ended - begun) / mostShare)
  }
}

/** The search that was begun in a folder; nothing where there is none. Another one is not written over: it may have taken hours. */
export function stateToResume(folder: string, space: SearchSpace): Searched | undefined {
  const file = path.join(folder, stateFile)
  if (!existsSync(file)) return undefined
  const state = readState(file)
  if (isSameSpace(state.space, space)) return state.searched
  const { name, variant } = state.space.scenario
  const other = `${name}${variant === '' ? '' : ` [${variant}]`} (seed ${state.space.seed})`
  const advice = 'Give the options that it was begun with; without --resume a new one takes its place.'
  throw new InputError([problemWith(file, `is another search, of ${other}`, advice)])
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
