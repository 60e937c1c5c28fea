import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package, from the source as well as from a bundle or a chunk of one. */
export const packageRoot = folderAbove(path.dirname(fileURLToPath(import.meta.url)))

/** The scenarios that come with the package. */
export const shippedScenarios = path.join(packageRoot, 'scenarios')

export function packageVersion(): string {
  const description: unknown = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8'))
  const hasVersion = typeof description === 'object' && description !== null && 'version' in description
  return hasVersion ? String(description.version) : 'unknown'
}

function folderAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder
  const parent = path.dirname(folder)
  return parent === folder ? folder : folderAbove(parent)
}
