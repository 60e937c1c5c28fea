import path from 'node:path'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { writeAtomically } from './atomic-files.ts'
import type { OptionsByName } from './command.ts'
import { say } from './output.ts'
import { single } from './overlay.ts'
import { ReportFolders } from './report-folder.ts'

/** The option of a command whose result is one page. */
export function pageOption(fallback: string) {
  return {
    report: {
      type: 'string',
      requiresArg: true,
      describe: `Folder of the page. Default: ${fallback}. --no-report writes none`,
    },
  } as const satisfies OptionsByName
}

/** Where the page goes; nothing with `--no-report`, or where there is no place without being asked. `report` is as the parser leaves it. */
export function pageFolder(
  report: unknown,
  fallback: string | undefined,
  problems: ScenarioProblem[],
): string | undefined {
  const wanted = report === false ? undefined : (single('report', report, problems) ?? fallback)
  if (wanted === undefined) return undefined
  const folders = new ReportFolders(wanted)
  if (folders.problem !== undefined) problems.push(folders.problem)
  return folders.base
}

/** Writes the page, where one is wanted, and says where it is, unless it is to be quiet. */
export async function writePage(
  folder: string | undefined,
  content: () => string | Promise<string>,
  { quiet }: { readonly quiet: boolean },
): Promise<void> {
  if (folder === undefined) return
  await writeAtomically(folder, [{ name: 'index.html', content: await content() }])
  if (!quiet) say(`report: ${path.join(folder, 'index.html')}`)
}
