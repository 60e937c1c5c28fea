import { fileURLToPath } from 'node:url'

/** Frames deep enough to reach the user through the libraries between. */
const depth = 50

/** The stack of the code that called this package. */
export function stackHere(): readonly string[] {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  const { stack } = new Error('here')
  Error.stackTraceLimit = before
  const frames = framesOf(stack)
  return frames.slice(frames.findIndex((frame) => !frame.startsWith(ownFolder)))
}

/** The frames of a stack, as `file:line:column`, innermost first. */
export function framesOf(stack: string | undefined): readonly string[] {
  if (typeof stack !== 'string') return []
  return stack.split('\n').flatMap((line) => {
    const [, inBrackets, bare] = /^\s+at (?:.*\((.+)\)|(?:async )?(.+))$/.exec(line) ?? []
    const place = inBrackets ?? bare
    return place === undefined ? [] : [place.startsWith('file://') ? pathOf(place) : place]
  })
}

function pathOf(place: string): string {
  const [, url = place, position = ''] = /^(.*?)((?::\d+)*)$/.exec(place) ?? []
  return `${fileURLToPath(url)}${position}`
}

/** The innermost frame that the user wrote: neither of Node, nor of this package, nor of any package, if there is such a one. */
export function userLine(frames: readonly string[]): string | undefined {
  const outside = frames.filter((frame) => isPlace(frame) && !frame.startsWith(ownFolder))
  return outside.find((frame) => !frame.includes('/node_modules/')) ?? outside[0]
}

function isPlace(frame: string): boolean {
  return !frame.startsWith('node:') && !frame.startsWith('<anonymous>') && /:\d+/.test(frame)
}

/** Whether a stack comes from code that is being loaded, by Node or by a test runner. */
export function isLoading(frames: readonly string[]): boolean {
  return frames.some((frame) => loaders.test(frame))
}

const loaders =
  /^node:internal\/modules\/|\/node_modules\/(vitest|@vitest|vite|vite-node|birpc|@jest|jest-[\w-]+|tsx)\//

/** Everything of this package is below here, from source as well as from its bundles. */
const ownFolder = folderOfThisFile()

function folderOfThisFile(): string {
  const [here = ''] = framesOf(new Error('here').stack)
  return /^(.*\/(?:src|dist)\/)/.exec(here)?.[1] ?? here
}
