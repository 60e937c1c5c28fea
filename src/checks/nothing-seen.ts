import type { View } from './view.ts'

/** Why a viewer to whom nothing came cannot be judged; `undefined` when something came. */
export function nothingSeen(view: View): string | undefined {
  if (view.distinct > 0) return undefined
  const { receiver, origin, label } = view.viewer
  const what = origin === undefined ? '' : ` on the way ${label}`
  return view.level === 'effect' ? `${receiver} applied nothing${what}` : `${receiver} was handed nothing${what}`
}
