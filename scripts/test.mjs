/** `npm test`: installs what is missing, builds what is stale, and runs the tests (those named, or all). */
import { installWhatIsMissing, requireNode, runNode } from './project.mjs'

requireNode()
installWhatIsMissing()
const { buildIfStale } = await import('./build.mjs')
await buildIfStale()

process.exitCode = await runNode(['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)])
