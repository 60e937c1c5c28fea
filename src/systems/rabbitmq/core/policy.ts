import type { FieldTable, FieldValue } from './field-table.ts'

/** Settings for every queue or exchange whose name matches. At most one policy applies to each: that of the highest priority. */
export interface Policy {
  readonly name: string
  /** A regular expression that has to match somewhere in the name. */
  readonly pattern: string
  readonly applyTo: 'all' | 'queues' | 'classic_queues' | 'quorum_queues' | 'streams' | 'exchanges'
  readonly priority: number
  readonly definition: FieldTable
}

/** The keys of policies that mean something to classic queues and exchanges. */
export const policyKeys = [
  'message-ttl',
  'expires',
  'max-length',
  'max-length-bytes',
  'overflow',
  'dead-letter-exchange',
  'dead-letter-routing-key',
  'consumer-timeout',
  'alternate-exchange',
] as const

/** What the policies say to a classic queue or an exchange of this name. */
export function policyFor(policies: Iterable<Policy>, kind: 'queue' | 'exchange', name: string): FieldTable {
  let best: Policy | undefined
  for (const policy of policies) {
    if (appliesTo(policy, kind) && new RegExp(policy.pattern, 'u').test(name) && outranks(policy, best)) best = policy
  }
  return best?.definition ?? {}
}

/** What is wrong with a policy, or nothing. */
export function policyFault(policy: Policy): string | undefined {
  if (!isRegularExpression(policy.pattern)) return `the pattern '${policy.pattern}' is no regular expression`
  if (!Number.isInteger(policy.priority)) return 'the priority must be a whole number'
  const unknown = Object.keys(policy.definition).filter((key) => !isPolicyKey(key))
  if (unknown.length > 0) return `${unknown.join(', ')} is not recognised`
  const wrong = Object.entries(policy.definition).find(([key, value]) => !isValid(key, value))
  return wrong === undefined ? undefined : `'${wrong[0]}' cannot be ${JSON.stringify(wrong[1])}`
}

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function appliesTo(policy: Policy, kind: 'queue' | 'exchange'): boolean {
  if (policy.applyTo === 'all') return true
  return kind === 'exchange'
    ? policy.applyTo === 'exchanges'
    : policy.applyTo === 'queues' || policy.applyTo === 'classic_queues'
}

function outranks(policy: Policy, best: Policy | undefined): boolean {
  return best === undefined || policy.priority > best.priority
}

function isPolicyKey(key: string): boolean {
  return policyKeys.some((known) => known === key)
}

function isValid(key: string, value: FieldValue): boolean {
  if (key === 'overflow') return value === 'drop-head' || value === 'reject-publish' || value === 'reject-publish-dlx'
  if (key.endsWith('exchange') || key.endsWith('routing-key')) return typeof value === 'string'
  return typeof value === 'number' && Number.isInteger(value) && value >= (key === 'expires' ? 1 : 0)
}
