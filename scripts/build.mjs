/**
 * Builds `dist/`: `npm run build` makes the bundles and their types; `npm start` and `npm test` need the bundles only.
 *
 *     index.js, testing.js, cli.js, ...      ESM bundles; what they share is in chunks, so that lazy imports stay lazy
 *     commonjs/index.js, testing.js          the library for `require`
 *     types/, commonjs/*.d.ts                declarations for `import` and for `require`
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './project.mjs'

/** Output name → source. The ESM bundles; each is a file that somebody loads by its path. */
const entries = {
  index: 'src/index.ts',
  testing: 'src/testing/index.ts',
  'testing/matchers': 'src/testing/matchers.ts',
  cli: 'src/cli/main.ts',
  worker: 'src/cli/worker.ts',
  'exploration-worker': 'src/cli/exploration-worker.ts',
}

/** The entries that a package user may also load with `require`. */
const commonjsEntries = ['index', 'testing', 'testing/matchers']

/** Dependencies of which a part is used that CommonJS cannot load everywhere (Jest): they go into its bundles. */
const onlyForImport = ['csv-parse']

/** The bundles are as old as the oldest of these, and stale when any input is newer. */
const bundles = [
  ...Object.keys(entries).map((name) => `dist/${name}.js`),
  ...commonjsEntries.map((name) => `dist/commonjs/${name}.js`),
  'dist/commonjs/package.json',
]

const inputs = ['src', 'package.json', 'scripts/build.mjs']

/** Builds the bundles unless they are newer than everything they are made from. Says so on standard error. */
export async function buildIfStale() {
  if (newestOf(inputs) < oldestOf(bundles)) return
  console.error('Building ...')
  try {
    await buildBundles()
  } catch (error) {
    console.error(`The build failed: ${error.message}`)
    process.exit(1)
  }
}

async function buildBundles() {
  const started = new Date()
  const { build } = await import('esbuild')
  const options = {
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'silent',
    metafile: true,
  }
  const [esm] = await Promise.all([
    build({
      ...options,
      entryPoints: entries,
      outdir: 'dist',
      format: 'esm',
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
    }),
    build({
      ...options,
      entryPoints: Object.fromEntries(commonjsEntries.map((name) => [name, entries[name]])),
      outdir: 'dist/commonjs',
      format: 'cjs',
      packages: 'bundle',
      external: dependencies().filter((name) => !onlyForImport.includes(name)),
    }),
  ])
  removeOldChunks(Object.keys(esm.metafile.outputs))
  makeExecutable('dist/cli.js')
  // The folder's own package.json makes its .js and .d.ts files CommonJS inside an ESM package.
  writeFileSync(inRoot('dist/commonjs/package.json'), '{ "type": "commonjs" }\n')
  // An input that was edited during the build is newer than the result.
  for (const bundle of bundles) utimesSync(inRoot(bundle), started, started)
}

function dependencies() {
  return Object.keys(JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).dependencies)
}

function removeOldChunks(outputs) {
  const current = new Set(outputs.map((output) => path.basename(output)))
  for (const chunk of listFolder('dist/chunks')) {
    if (!current.has(chunk)) rmSync(inRoot('dist/chunks', chunk))
  }
}

function makeExecutable(program) {
  const hashbang = '#!/usr/bin/env node\n'
  if (!readFileSync(inRoot(program), 'utf8').startsWith(hashbang)) {
    throw new Error(`${entries.cli} must begin with ${hashbang.trim()}, or ${program} cannot be run as a command.`)
  }
  chmodSync(inRoot(program), 0o755)
}

function buildTypes() {
  const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
  rmSync(inRoot('dist/types'), { recursive: true, force: true })
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.declarations.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error('The declarations were not built: see the errors of the compiler above.')
  cpSync(inRoot('dist/types'), inRoot('dist/commonjs'), { recursive: true })
}

/** Folders count too: theirs is the only time that changes when a file is deleted. */
function newestOf(names) {
  return Math.max(
    ...names.map((name) => {
      const { mtimeMs } = statSync(inRoot(name))
      return Math.max(mtimeMs, newestOf(listFolder(name).map((child) => path.join(name, child))))
    }),
  )
}

function oldestOf(names) {
  return Math.min(...names.map((name) => statSync(inRoot(name), { throwIfNoEntry: false })?.mtimeMs ?? 0))
}

function listFolder(name) {
  const folder = statSync(inRoot(name), { throwIfNoEntry: false })?.isDirectory() ?? false
  return folder ? readdirSync(inRoot(name)) : []
}

function inRoot(...names) {
  return path.join(root, ...names)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(inRoot('dist'), { recursive: true, force: true })
  await buildBundles()
  buildTypes()
}
