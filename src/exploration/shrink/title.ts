import type { Run } from '../../run.ts'
import type { ShrinkTarget } from './target.ts'

/** What a counterexample shows: `no-duplicates of billing breaks: crash of billing after effect-applied`. */
export function counterexampleTitle(run: Run, { service, guarantee }: ShrinkTarget, kind: string): string {
  const { faults } = run.scenario
  if (faults.length === 0) return `${guarantee} of ${service} breaks without any fault`
  const blamed = kind.slice(kind.indexOf(': ') + 2)
  const isBlamed = faults.some(({ action }) => blamed.startsWith(`${action} `))
  const actions = [...new Set(faults.map(({ action }) => action))]
  const others = actions.filter((action) => !isBlamed || !blamed.startsWith(`${action} `))
  return `${guarantee} of ${service} breaks: ${[...(isBlamed ? [blamed] : []), ...others].join(', and ')}`
}
