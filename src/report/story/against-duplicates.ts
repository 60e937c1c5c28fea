import { derived, effectSkipped } from '../../history/facts.ts'
import type { JudgedRow, Run } from '../../run.ts'
import type { Advice } from './advice.ts'
import type { Claim, MessageTrail } from './message-trail.ts'

/**
 * What comes again has to be met by an effect that may come again. That a delivery comes twice cannot be ruled out where messages are delivered
 * again: then it is what becomes of the effect.
 */
export function againstDuplicates(run: Run, service: string, rows: readonly JudgedRow[], seen: MessageTrail): Advice {
  const claim = seen.cameBack() ? seen.claim('no-duplicates', service, 'consumer') : undefined
  const once = onceBy(run, service, seen)
  const isDelivery = rows.every(({ level }) => level === 'delivery')
  const sentences = [whyTwice(seen, claim), ...(isDelivery ? afterDelivery(run, service, once, seen) : [once.needed])]
  const statement = sentences.filter((sentence) => sentence !== '').join('. ')
  return { statement, document: 'docs/idempotency.md', page: claim?.page ?? '' }
}

function whyTwice(seen: MessageTrail, claim: Claim | undefined): string {
  if (seen.madeTwice()) return 'What is handled twice sends twice what follows from it'
  if (claim !== undefined && seen.endOf('dead-lettered') !== undefined)
    return 'What was set aside, or waits in a queue for retries, is delivered again when it comes back'
  if (claim !== undefined) return claim.statement.replace(/\.$/, '')
  if (seen.sentAgain()) return 'What is sent again because nobody answered may have been there already'
  if (seen.wasStoredTwice()) return 'What is published again because its confirm was lost is there twice'
  return seen.has(derived.name)
    ? 'What is handled twice sends twice what follows from it'
    : 'Where nothing may be lost, a message may come twice'
}

/** Of a delivery that came twice: whether the effect did not, and why. */
function afterDelivery(run: Run, service: string, { there, needed }: Once, seen: MessageTrail): readonly string[] {
  const holds = (guarantee: string): boolean =>
    run.rows.some(
      (row) =>
        row.service === service && row.guarantee === guarantee && row.level === 'effect' && row.verdict === 'holds',
    )
  if (seen.failsEachTime(service)) return [givingUp(run, service)]
  const always = 'No option rules out a second delivery where nothing may be lost'
  if (!holds('no-duplicates') || !holds('no-loss')) return [always, needed]
  const often = seen.hadEffect(service) ? 'once' : 'at most once'
  if (there !== '') return [`${always}; the effect came ${often}, with ${there}`]
  if (seen.has(effectSkipped.name)) return [`${always}; the effect came ${often}`]
  return [`${always}; here one attempt alone got as far as its effect`, needed]
}

/** No memory helps against what fails each time: it never gets as far as an effect. */
function givingUp(run: Run, service: string): string {
  const handling = run.scenario.services.find(({ name }) => name === service)?.handling
  const cure = 'Mend what handles it, and set it aside meanwhile'
  return handling?.onError === 'discard'
    ? `${cure}: each further attempt fails, too`
    : `${cure}: with services.${service}.handling.on-error: discard it comes once`
}

interface Once {
  /** What the service has for it; empty where it has nothing. */
  readonly there: string
  /** What it would need, as a sentence. */
  readonly needed: string
}

/** What makes the effect of a service come once: what it has for that, and what it would need. */
function onceBy(run: Run, service: string, seen: MessageTrail): Once {
  const spec = run.scenario.services.find(({ name }) => name === service)
  if (spec !== undefined && spec.asks.length > 0) return onceForReplies(service, spec.asks)
  // A host without power leaves its transaction open, and with it the lock on its entry of the inbox.
  const leavesLocks = run.faults.some(({ fault }) => fault.action === 'power-loss')
  const general = leavesLocks
    ? 'In a store with unique: operation, or with strategy: inbox and a limit for idle transactions, the effect comes once'
    : 'With strategy: inbox, or in a store with unique: operation, the effect comes once'
  const handling = spec?.handling
  if (handling?.effect === undefined)
    return { there: '', needed: 'Whoever gets what is made from it has to take each of these once' }
  const path = `services.${service}.handling.strategy`
  const { name, settings } = handling.strategy
  const store = handling.store === undefined ? undefined : run.scenario.stores[handling.store]
  if (store?.kind === 'api')
    return { there: name === 'none' ? '' : `${path}: ${name}`, needed: onceAtAnApi(path, name) }
  if (name !== 'none') {
    const isById = settings.values['key'] === 'message' && seen.sentAsNew()
    const needed = isById
      ? `With ${path}.${name}.key: operation, which all of its ids have in common, the effect comes once`
      : `With ${path}: inbox, in a database, the effect comes once`
    return { there: `${path}: ${name}`, needed }
  }
  const unique = store?.settings.values['unique']
  if (unique === undefined) return { there: '', needed: general }
  const option = `stores.${handling.store ?? ''}.${store?.kind ?? ''}.unique`
  return {
    there: unique === 'none' ? '' : `${option}: ${String(unique)}`,
    needed: `With ${option}: operation the effect comes once`,
  }
}

/** The effect is somebody else's: his memory decides, and whether each attempt comes to him under the same key. */
function onceAtAnApi(path: string, name: string): string {
  return name.startsWith('idempotency-key')
    ? `With ${path}.${name}.key: operation, and keys that are kept for longer than anything may come again, the effect comes once`
    : `With ${path}: idempotency-key the effect comes once`
}

/** Whoever asks takes one reply for each question, if he looks which question it answers. */
function onceForReplies(service: string, asks: Run['scenario']['services'][number]['asks']): Once {
  const unchecked = asks.some(({ correlation }) => correlation === 'unchecked')
  return {
    there: '',
    needed: unchecked
      ? `With services.${service}.asks.correlation: checked each question takes its own reply, once`
      : '',
  }
}
