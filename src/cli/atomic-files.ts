import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { exitCodes } from './exit-code.ts'
import { InputError, isRefusal, problemWith, reasonOf } from './problems.ts'

/** A file of a report, by its name below the report's folder. Parts are written one after another. */
export interface ReportFile {
  readonly name: string
  readonly content: string | Uint8Array | Iterable<string>
}

/**
 * Writes files into a folder so that nobody ever sees half of one: all are written beside it first and then moved into place. What else is in
 * the folder stays. An interrupt removes what was not moved yet.
 */
export async function writeAtomically(folder: string, files: readonly ReportFile[]): Promise<void> {
  try {
    await stageAndMove(folder, files)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const place = files.length === 1 ? path.join(folder, files[0]?.name ?? '') : folder
    throw new InputError([problemWith(place, `it cannot be written: ${reasonOf(error)}`)])
  }
}

async function stageAndMove(folder: string, files: readonly ReportFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const staging = await mkdtemp(path.join(folder, '.writing-'))
  const stopListening = onInterrupt(() => rm(staging, { recursive: true, force: true }))
  try {
    for (const { name, content } of files) await writeFile(path.join(staging, name), content)
    for (const { name } of files) await rename(path.join(staging, name), path.join(folder, name))
  } finally {
    await rm(staging, { recursive: true, force: true })
    stopListening()
  }
}

/** Makes `link` point to `target`, a folder beside it. A system without links goes without. */
export async function linkTo(link: string, target: string): Promise<void> {
  const fresh = `${link}.${process.pid}`
  try {
    await symlink(path.relative(path.dirname(link), target), fresh, 'dir')
    await rename(fresh, link)
  } catch {
    await rm(fresh, { force: true })
  }
}

function onInterrupt(cleanUp: () => Promise<void>): () => void {
  const interrupted = (): void => {
    void cleanUp().finally(() => process.exit(exitCodes.interrupted))
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  return () => {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}
