import path from 'node:path'
import { againCommand } from '../again.ts'
import { CheckError } from '../check-error.ts'
import type { ReadCheck } from '../read-check.ts'
import type { SmallestCase } from '../smallest-case.ts'
import type { KeptCase } from './case-file.ts'
import { caseText, readCaseText } from './case-file.ts'
import { CaseFolder, caseIn } from './case-folder.ts'
import { keptCase } from './keep.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A kept case and the file that it is in. */
export interface CaseInFile {
  readonly file: string
  readonly kept: KeptCase
}

/** Where the failing runs of a check are kept, and which of them are to be made again. */
export class Keeping {
  readonly #check: ReadCheck
  readonly #testFile: string
  readonly #environment: Environment
  readonly #folder: CaseFolder | undefined

  /** `testFile` is the file of the user that called; empty where nobody knows. */
  constructor(check: ReadCheck, testFile: string, environment: Environment) {
    this.#check = check
    this.#testFile = testFile
    this.#environment = environment
    const { cases = '.onceproof' } = check
    this.#folder = cases === false ? undefined : new CaseFolder(path.resolve(this.testFolder, cases))
  }

  /** Paths in a check start here. */
  get testFolder(): string {
    return this.#testFile === '' ? process.cwd() : path.dirname(this.#testFile)
  }

  /** The one case that is asked for by `ONCEPROOF_REPLAY`; `other` where it belongs to another check. */
  get alone(): CaseInFile | 'other' | undefined {
    const file = this.#environment['ONCEPROOF_REPLAY']
    if (file === undefined || file === '') return undefined
    const found = path.resolve(file)
    const kept = caseIn(found)
    if (typeof kept === 'string') throw new CheckError(this.#check.name, [`ONCEPROOF_REPLAY: ${file} ${kept}`])
    return kept.check === this.#check.name ? { file: found, kept } : 'other'
  }

  /** All cases that are kept for this check. */
  get cases(): readonly CaseInFile[] {
    const found = this.#folder?.casesOf(this.#check.name) ?? []
    const wrong = found.flatMap(({ file, kept }) => (typeof kept === 'string' ? [`${file} ${kept}`] : []))
    if (wrong.length > 0) throw new CheckError(this.#check.name, wrong)
    return found.flatMap(({ file, kept }) => (typeof kept === 'string' ? [] : [{ file, kept }]))
  }

  /** Keeps a failing run: its case, or why it cannot be kept; nothing where cases are not kept. */
  keep(service: string, smallest: SmallestCase): CaseInFile | string | undefined {
    if (this.#folder === undefined) return undefined
    const kept = keptCase(this.#check, service, smallest)
    const file = this.#folder.fileFor(kept)
    const text = caseText(kept, this.commandFor(file))
    const reread = readCaseText(text)
    if (typeof reread === 'string') return reread
    return this.#folder.write(file, text) ?? { file, kept: reread }
  }

  /** What runs a case again. */
  commandFor(file: string): string {
    return againCommand(file, this.#testFile, this.#environment)
  }
}
