/** `npm start`: installs what is missing, builds what is stale, and becomes the command line with the arguments given. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { installWhatIsMissing, requireNode, root } from './project.mjs'

const flagship = 'scenarios/01-delivery/exactly-once.yaml'

requireNode()
installWhatIsMissing()
const { buildIfStale } = await import('./build.mjs')
await buildIfStale()

const given = process.argv.slice(2)
if (given.some((argument) => argument === '--json' || argument === '--ndjson')) warnOfBanner()

// In this very process, so that exit code, signals and terminal are the program's own.
const program = path.join(root, 'dist/cli.js')
process.argv = [process.execPath, program, ...(given.length > 0 ? given : ['run', flagship])]
await import(pathToFileURL(program).href)

/** npm writes the script's name to standard output before anything of ours runs; only its own option prevents that. */
function warnOfBanner() {
  const npmSpeaks = process.env.npm_lifecycle_event === 'start' && process.env.npm_config_loglevel !== 'silent'
  if (npmSpeaks && !process.stdout.isTTY) {
    console.error('Note: npm printed its own lines first. For JSON alone: npm start --silent -- ...')
  }
}
