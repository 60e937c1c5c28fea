import { errorText } from '../../bridge/error-text.ts'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { KeptCase } from './case-file.ts'
import { readCaseText } from './case-file.ts'

/** The kept cases of a check, in files beside the test. */
export class CaseFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The files of a check with what they hold, or what is wrong with them; in the order of their names. */
  casesOf(check: string): readonly { readonly file: string; readonly kept: KeptCase | string }[] {
    const prefix = `${slug(check)}--`
    return this.#names()
      .filter((name) => name.startsWith(prefix) && name.endsWith('.yaml'))
      .map((name) => path.join(this.#folder, name))
      .map((file) => ({ file, kept: caseIn(file) }))
      .filter(({ kept }) => typeof kept === 'string' || kept.check === check)
  }

  /** A free file for a case of this kind. */
  fileFor({ check, breaks, kind }: Pick<KeptCase, 'check' | 'breaks' | 'kind'>): string {
    const cause = kind.replace(/^[^:]*: /, '').split(' ')[0] ?? ''
    const stem = [check, breaks, cause].map(slug).join('--')
    const taken = new Set(this.#names())
    for (let number = 1; ; number++) {
      const name = `${stem}${number === 1 ? '' : `-${number}`}.yaml`
      if (!taken.has(name)) return path.join(this.#folder, name)
    }
  }

  /** Writes the file as a whole or not at all; why not, where it cannot. */
  write(file: string, text: string): string | undefined {
    const temporary = `${file}.${process.pid}.tmp`
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(temporary, text)
      renameSync(temporary, file)
      return undefined
    } catch (error) {
      rmSync(temporary, { force: true })
      return errorText(error)
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder).sort()
    } catch {
      return []
    }
  }
}

/** The case in a file, or what is wrong with it. */
export function caseIn(file: string): KeptCase | string {
  try {
    return readCaseText(readFileSync(file, 'utf8'))
  } catch (error) {
    return `cannot be read: ${errorText(error)}`
  }
}

/** What a file can be called: `one charge per order` → `one-charge-per-order`. */
function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return plain === '' ? 'case' : plain.slice(0, 60)
}
