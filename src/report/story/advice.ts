import type { AnyFact } from '../../history/fact.ts'
import { copyRemained, delivered, handlingFailed } from '../../history/facts.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { againstDuplicates } from './against-duplicates.ts'
import { againstLoss, keeping } from './against-loss.ts'
import { MessageTrail } from './message-trail.ts'

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
  const seen = new MessageTrail(run, trail)
  if (has('no-loss')) return againstLoss(service, seen)
  if (has('no-duplicates') || has('exactly-once')) return againstDuplicates(run, service, rows, seen)
  if (has('all-settled')) return keeping(againstWaiting(seen))
  return orders.some(has)
    ? { statement: againstDisorder(run, service, seen), document: 'docs/idempotency.md', page: '' }
    : undefined
}

const orders = ['ordered-per-key', 'ordered-per-partition', 'ordered-per-producer', 'total-order', 'no-stale-writes']

function againstWaiting(seen: MessageTrail): string {
  if (seen.has(handlingFailed.name))
    return 'A cap on the attempts, and a place to set aside what fails, let everything else be finished'
  if (seen.has(delivered.name) && !seen.isDoneWith()) return 'A time-out takes from its holder what he does not finish'
  return seen.has(copyRemained.name)
    ? 'It waits for somebody who hands it out: repair what is down, or let others take its place'
    : 'A time-out gets out of the way what nobody finishes'
}

/** What is set aside is overtaken, whoever reads; else what is sent or read side by side. Only who handles messages may leave one out. */
function againstDisorder(run: Run, service: string, seen: MessageTrail): string {
  const handles = run.scenario.services.some(({ name, receives }) => name === service && receives.length > 0)
  const versions = handles ? '; strategy: newer-version leaves out what comes late' : ''
  if (seen.endOf('dead-lettered') !== undefined || seen.has(handlingFailed.name) || seen.cameBack())
    return `What comes again later is overtaken, however few consumers there are${versions}`
  const elsewhere = handles ? '; where it cannot, strategy: newer-version leaves out what comes late' : ''
  return `What must stay in order has to go one way, one at a time: one sender with one send on its way, one partition or queue, one consumer${elsewhere}`
}
