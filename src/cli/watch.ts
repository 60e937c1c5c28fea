import { watch } from 'node:fs'
import path from 'node:path'
import { say } from './output.ts'

/** So long after a change nothing is done, as editors write a file in several steps. Milliseconds. */
const calm = 120

/** Calls `again` whenever one of the files has changed, one call after another, until somebody interrupts. */
export async function watchFiles(files: readonly string[], again: () => Promise<void>): Promise<void> {
  // Folders are watched: an editor may replace a file, and then nobody hears of the old one any more.
  const wanted = new Set(files.map((file) => path.resolve(file)))
  const folders = [...new Set([...wanted].map((file) => path.dirname(file)))]
  let changed: (() => void) | undefined
  let pending = false
  const note = (): void => {
    pending = true
    changed?.()
  }
  const watchers = folders.map((folder) =>
    watch(folder, (_, name) => {
      if (name === null || wanted.has(path.join(folder, name))) note()
    }),
  )
  const interrupted = new Promise<'stop'>((resolve) => process.once('SIGINT', () => resolve('stop')))
  try {
    for (;;) {
      say(
        `watching ${wanted.size === 1 ? path.relative('.', [...wanted][0] ?? '') : `${wanted.size} files`}; Ctrl-C ends it`,
      )
      const next = pending
        ? 'change'
        : await Promise.race([interrupted, new Promise<'change'>((resolve) => (changed = () => resolve('change')))])
      if (next === 'stop') return
      await new Promise((resolve) => setTimeout(resolve, calm))
      pending = false
      await again()
    }
  } finally {
    for (const watcher of watchers) watcher.close()
  }
}
