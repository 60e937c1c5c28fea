/**
 * Where in the user's own file something was called: the frames of a stack that are not of this package. What a check throws carries them, so
 * that a test runner shows the line of the test and not one of ours.
 */
export interface UserPlace {
  /** The absolute path of the file; empty where the stack says nothing. */
  readonly file: string
  readonly line: number
  /** The frames from the user's call on, as V8 writes them. */
  readonly frames: string
}

/** Looks at the stack of the running call. Must be called before the first `await`: later the user's frames are gone. */
export function userPlace(): UserPlace {
  const own = ownFolder()
  const lines = framesOf(new Error('here'))
  const first = lines.findIndex((line) => !isOurs(line, own))
  const frames = first < 0 ? [] : lines.slice(first)
  const { file, line } = placeIn(frames[0] ?? '')
  return { file, line, frames: frames.join('\n') }
}

/** Gives an error the user's frames in place of ours. */
export function thrownAt<E extends Error>(error: E, { frames }: UserPlace): E {
  error.stack = `${error.name}: ${error.message}${frames === '' ? '' : `\n${frames}`}`
  return error
}

function framesOf(error: Error): readonly string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
}

/** Sources lie in a tree of folders, bundles in one with another for what they share. */
function ownFolder(): string {
  const { file } = placeIn(framesOf(new Error('here'))[0] ?? '')
  return /^(.*[/\\]src[/\\])testing[/\\]/.exec(file)?.[1] ?? file.replace(/(chunks[/\\])?[^/\\]*$/, '')
}

function isOurs(frame: string, own: string): boolean {
  const { file } = placeIn(frame)
  return (
    file === '' ||
    file.startsWith('node:') ||
    (own !== '' && file.startsWith(own)) ||
    /[/\\]node_modules[/\\]/.test(file)
  )
}

/** `at f (file:///a/b.ts:3:14)` and `at /a/b.js:3:14`, also with the query that some loaders add. */
function placeIn(frame: string): { readonly file: string; readonly line: number } {
  const [, place = '', line = '0'] =
    /\(?((?:file:\/\/)?(?:[A-Za-z]:)?[^\s():]*[/\\][^():]*?|node:[\w/]+):(\d+):\d+\)?$/.exec(frame) ?? []
  const file = place.replace(/^file:\/\//, '').replace(/\?.*$/, '')
  return { file, line: Number(line) }
}
