import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { root } from '../cli/onceproof.ts'

/**
 * Packs the package as it is published and installs it into a folder of its own: what it needs is linked from this project, so that no registry
 * takes part. It must have been built.
 */
export function installPackage(folder: string): void {
  const modules = path.join(folder, 'node_modules')
  mkdirSync(modules, { recursive: true })
  for (const name of packagesIn(path.join(root, 'node_modules'))) link(name, modules)
  const { status, stdout, stderr } = spawnSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stderr)
  const [packed]: readonly { readonly filename: string }[] = JSON.parse(stdout)
  if (packed === undefined) throw new Error('npm pack made nothing.')
  const tarball = path.join(folder, packed.filename)
  const unpacked = spawnSync('tar', ['-xzf', tarball, '-C', modules], { encoding: 'utf8' })
  if (unpacked.status !== 0) throw new Error(unpacked.stderr)
  renameSync(path.join(modules, 'package'), path.join(modules, 'onceproof'))
  rmSync(tarball)
}

/** A project beside the installed package: a copy of one of the folders in `projects/`, beside the check that they share. */
export function makeProject(folder: string, name: string): string {
  const project = path.join(folder, name)
  for (const each of [name, 'billing.cjs'])
    cpSync(path.join(root, 'test/packaging/projects', each), path.join(folder, each), { recursive: true })
  return project
}

/** The path of a program that a package brings. */
export function programOf(file: string): string {
  return path.join(root, 'node_modules', file)
}

/** All packages, those of scopes too; not the links to programs, nor caches. */
function packagesIn(modules: string): readonly string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.') && name !== 'onceproof')
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
}

function link(name: string, modules: string): void {
  const place = path.join(modules, name)
  mkdirSync(path.dirname(place), { recursive: true })
  if (!existsSync(place)) symlinkSync(path.join(root, 'node_modules', name), place)
}
