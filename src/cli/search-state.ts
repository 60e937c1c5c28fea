import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ChunkResult } from '../exploration/chunk.ts'
import type { SearchSpace } from '../exploration/search-space.ts'
import { writeAtomically } from './atomic-files.ts'
import { InputError, problemWith, reasonOf } from './problems.ts'

/** A search as a file: what is searched, and the chunks that are done. Whoever has it can go on, or put it together with other parts. */
export interface SearchState {
  readonly format: typeof stateFormat
  readonly runs: number
  readonly space: SearchSpace
  readonly chunks: readonly ChunkResult[]
}

const stateFormat = 'onceproof search 1'
const stateFile = 'search.json'

export async function saveState(folder: string, state: Omit<SearchState, 'format'>): Promise<string> {
  const content = JSON.stringify({ format: stateFormat, ...state })
  await writeAtomically(folder, [{ name: stateFile, content }])
  return path.join(folder, stateFile)
}

/** The search that was begun in a folder; nothing where there is none, or where it was another one. */
export function stateToResume(folder: string, space: SearchSpace): readonly ChunkResult[] | undefined {
  const file = path.join(folder, stateFile)
  if (!existsSync(file)) return undefined
  const state = readState(file)
  return JSON.stringify(state.space) === JSON.stringify(space) ? state.chunks : undefined
}

export function readState(file: string): SearchState {
  const read = parsed(textOf(file))
  if (isState(read)) return read
  throw new InputError([problemWith(file, 'expected a search that explore has saved', 'They are named search.json.')])
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError([problemWith(file, `it cannot be read: ${reasonOf(error)}`)])
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isState(value: unknown): value is SearchState {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === stateFormat
}
