/**
 * Runs a TypeScript program of this project: `node scripts/run-typescript.mjs FILE [arguments]`.
 * Node 20 does not read TypeScript, so the file is bundled first; packages stay outside of the bundle.
 */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './project.mjs'

const [file, ...given] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: node scripts/run-typescript.mjs FILE [arguments]')
  process.exit(64)
}

const bundle = await bundled(path.resolve(file))
process.setSourceMapsEnabled(true)
process.argv = [process.execPath, bundle, ...given]
await import(pathToFileURL(bundle).href)

async function bundled(source) {
  const { build } = await import('esbuild')
  // Under node_modules, so that the bundle finds the packages.
  const folder = path.join(root, 'node_modules/.cache/onceproof')
  mkdirSync(folder, { recursive: true })
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.mjs`)
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
  })
  return outfile
}
