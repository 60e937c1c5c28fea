import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the product; `name` is its path from the project's root with forward slashes. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** What a rule found: where, and what to do about it. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly problem: string
}

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

/** Every TypeScript file under `src`, in the order of names. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(path.join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll(path.sep, '/')}`)
    .filter((name) => /\.tsx?$/.test(name))
    .toSorted()
    .map((name) => ({ name, text: readFileSync(path.join(projectRoot, name), 'utf8') }))
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** One line a finding, as a failed test shows it. */
export function listed(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ file, line, problem }) => `${file}:${line} ${problem}`)
}
