import type { AnyFact } from '../../history/fact.ts'
import {
  answered,
  copyEnded,
  copyRemained,
  copyStored,
  delivered,
  derived,
  effectSkipped,
  handlingFailed,
  submitted,
} from '../../history/facts.ts'
import type { JudgedRow, Run } from '../../run.ts'

/** What to do where no variant of a scenario shows it: why nothing here kept the guarantee, and what keeps it. */
export interface Advice {
  readonly statement: string
  /** The document of this project that says more. */
  readonly document: string
  /** Where the product documents it; empty where there is no such page. */
  readonly page: string
}

/**
 * What keeps these broken guarantees, by what became of the messages in `trail`; nothing for a guarantee of which nobody knows. A delivery that
 * comes twice cannot be prevented where messages are delivered again: then it is what to do with it.
 */
export function adviceFor(run: Run, rows: readonly JudgedRow[], trail: readonly AnyFact[]): Advice | undefined {
  const [row] = rows
  if (row === undefined) return undefined
  const { service } = row
  const has = (name: string): boolean => rows.some((one) => one.guarantee === name)
  const seen = new Trail(run, trail)
  if (has('no-loss')) return againstLoss(service, seen)
  if (has('no-duplicates') || has('exactly-once')) return againstDuplicates(run, service, rows, seen)
  if (has('all-settled')) return keeping(againstWaiting(seen))
  return orders.some(has) ? { statement: againstDisorder(seen), document: 'docs/idempotency.md', page: '' } : undefined
}

const orders = ['ordered-per-key', 'ordered-per-partition', 'ordered-per-producer', 'total-order', 'no-stale-writes']

type Claim = Run['systems'][number]['claims'][number]

/** What the facts about the messages of a witness say. */
class Trail {
  readonly #run: Run
  readonly #trail: readonly AnyFact[]

  constructor(run: Run, trail: readonly AnyFact[]) {
    this.#run = run
    this.#trail = trail
  }

  has(kind: string): boolean {
    return this.#trail.some((fact) => fact.kind === kind)
  }

  /** Whether a copy came to such an end. */
  ended(fate: string): boolean {
    return this.#trail.some((fact) => fact.kind === copyEnded.name && this.#text(fact, 'fate') === fate)
  }

  answeredWith(outcome: string): boolean {
    return this.#trail.some((fact) => fact.kind === answered.name && this.#text(fact, 'outcome') === outcome)
  }

  /** Whether somebody was handed the same message again, and not since it was stored twice by whoever published it. */
  cameBack(): boolean {
    const again = this.#trail.some((fact) => fact.kind === delivered.name && Number(fact['attempt']) > 1)
    return again && (!this.#wasStoredTwice() || this.ended('dead-lettered') || this.ended('moved'))
  }

  #wasStoredTwice(): boolean {
    const stored = this.#trail.flatMap((fact) =>
      fact.kind === copyStored.name ? [JSON.stringify([fact['message'], fact.node, fact['place']])] : [],
    )
    return stored.length > new Set(stored).size
  }

  /** Whether what is one thing was sent more than once. */
  sentAgain(): boolean {
    const operations = this.#trail.flatMap((fact) => (fact.kind === submitted.name ? [fact['operation']] : []))
    return operations.length > new Set(operations).size
  }

  /** What a product says that it does not promise to this service. */
  claim(guarantee: string, service: string): Claim | undefined {
    const claims = this.#run.systems.flatMap((system) => system.claims)
    return claims.find((claim) => !claim.holds && claim.guarantee === guarantee && claim.service === service)
  }

  /** Whether others than this service were handed it, and this one was not. */
  wentToOthers(service: string): boolean {
    const handed = this.#trail.flatMap((fact) => (fact.kind === delivered.name ? [this.#text(fact, 'service')] : []))
    return handed.length > 0 && !handed.includes(service)
  }

  #text(fact: AnyFact, field: string): string {
    const value = fact[field]
    return typeof value === 'number' ? this.#run.history.names.text(value) : ''
  }
}

/** What comes again has to be met by an effect that may come again. */
function againstDuplicates(run: Run, service: string, rows: readonly JudgedRow[], seen: Trail): Advice {
  const claim = seen.cameBack() ? seen.claim('no-duplicates', service) : undefined
  const once = onceBy(run, service)
  const what = rows.every(({ level }) => level === 'delivery') ? afterDelivery(run, service, once, seen) : once.needed
  const statement = `${whyTwice(seen, claim)}. ${what}`
  return { statement, document: 'docs/idempotency.md', page: claim?.page ?? '' }
}

function whyTwice(seen: Trail, claim: Claim | undefined): string {
  if (claim !== undefined) return claim.statement.replace(/\.$/, '')
  if (seen.sentAgain()) return 'What is sent again because nobody answered may have been there already'
  return seen.has(derived.name)
    ? 'What is handled twice sends twice what follows from it'
    : 'Where nothing may be lost, a message may come twice'
}

/** Of a delivery that came twice: whether the effect did not, and why. */
function afterDelivery(run: Run, service: string, { there, needed }: Once, seen: Trail): string {
  const holds = (guarantee: string): boolean =>
    run.rows.some(
      (row) =>
        row.service === service && row.guarantee === guarantee && row.level === 'effect' && row.verdict === 'holds',
    )
  const prevents = 'Only acknowledging first, which may lose it, prevents a second delivery'
  if (!holds('no-duplicates') || !holds('no-loss')) return `${prevents}. ${needed}`
  if (there !== '') return `${prevents}; the effect came once, with ${there}`
  if (seen.has(effectSkipped.name)) return `${prevents}; the effect came once`
  return `${prevents}; here one attempt alone got as far as its effect. ${needed}`
}

interface Once {
  /** What the service has for it; empty where it has nothing. */
  readonly there: string
  /** What it would need, as a sentence. */
  readonly needed: string
}

/** What makes the effect of a service come once: what it has for that, and what it would need. */
function onceBy(run: Run, service: string): Once {
  const general = 'With strategy: inbox, or in a store with unique: operation, the effect comes once'
  const handling = run.scenario.services.find(({ name }) => name === service)?.handling
  if (handling?.effect === undefined) return { there: '', needed: general }
  const path = `services.${service}.handling.strategy`
  const { name } = handling.strategy
  const store = handling.store === undefined ? undefined : run.scenario.stores[handling.store]
  if (name !== 'none')
    return { there: `${path}: ${name}`, needed: `With ${path}: inbox, in a database, the effect comes once` }
  const unique = store?.settings.values['unique']
  if (unique !== undefined) {
    const option = `stores.${handling.store ?? ''}.unique`
    return {
      there: unique === 'none' ? '' : `${option}: ${String(unique)}`,
      needed: `With ${option}: operation the effect comes once`,
    }
  }
  return { there: '', needed: store?.kind === 'api' ? `With ${path}: idempotency-key the effect comes once` : general }
}

function keeping(statement: string): Advice {
  return { statement, document: 'docs/guarantees.md', page: '' }
}

/** By what became of it: what says most comes first. */
function againstLoss(service: string, seen: Trail): Advice {
  if (seen.ended('dead-lettered'))
    return keeping('It is set aside and not gone: mend what refused it, or give it more time, and put it back')
  if (seen.ended('expired'))
    return keeping('A longer time to live, or more consumers, let it be read before it is given up')
  if (seen.ended('dropped'))
    return keeping('A queue that refuses what it has no room for, and a producer that is told, keep it')
  if (seen.has(effectSkipped.name))
    return keeping(
      'What was noted as done was not done: a strategy that notes it together with the effect, such as inbox, keeps it',
    )
  if (seen.ended('lost')) return keeping('What is on several disks before it is confirmed outlives one of them')
  if (seen.has(handlingFailed.name))
    return keeping(
      'No option gives an effect to what fails each time: mend what handles it, and set it aside meanwhile',
    )
  if (seen.wentToOthers(service))
    return keeping('Services that read from one queue share what is in it; with a queue each, each of them gets all')
  if (seen.answeredWith('assumed'))
    return keeping('Whoever asks for no confirmation hears of no loss: let the producer wait for it')
  const claim = seen.claim('no-loss', service)
  if (claim !== undefined) return { ...keeping(claim.statement.replace(/\.$/, '')), page: claim.page }
  return keeping('What is acknowledged when its effect is there is not lost with who had it in hand')
}

function againstWaiting(seen: Trail): string {
  if (seen.has(handlingFailed.name))
    return 'A cap on the attempts, and a place to set aside what fails, let everything else be finished'
  if (seen.has(delivered.name)) return 'A time-out takes from its holder what he does not finish'
  return seen.has(copyRemained.name)
    ? 'It is there and safe, and waits for somebody who hands it out: repair what is down, or let others take its place'
    : 'A time-out gets out of the way what nobody finishes'
}

/** What is set aside is overtaken, whoever reads; else what is sent or read side by side. */
function againstDisorder(seen: Trail): string {
  const versions = 'strategy: newer-version leaves out what comes late'
  if (seen.ended('dead-lettered') || seen.has(handlingFailed.name) || seen.cameBack())
    return `What comes again later is overtaken, however few consumers there are; ${versions}`
  return `What must stay in order has to go one way, one at a time: one sender with one send on its way, one partition or queue, one consumer; where it cannot, ${versions}`
}
