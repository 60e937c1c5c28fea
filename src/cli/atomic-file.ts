import path from 'node:path'
import { writeAtomically } from './atomic-files.ts'

/** Writes one file so that nobody ever sees half of it; its folder is made where there is none. */
export async function writeFileAtomically(file: string, content: string): Promise<void> {
  await writeAtomically(path.dirname(file), [{ name: path.basename(file), content }])
}
