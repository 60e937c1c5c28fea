import type { FactRule } from '../../history/fact.ts'

/** A rule that Redis' documentation states. */
export function documented(statement: string, page: string, more: Partial<FactRule> = {}): FactRule {
  return { statement, evidence: 'documented', page, ...more }
}
