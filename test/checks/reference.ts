import { worstVerdict, type Verdict } from '../../src/checks/check.ts'
import type { Plan } from '../../src/checks/plan.ts'
import type { Told } from './telling.ts'

/*
 * What docs/guarantees.md says, in the slowest and plainest way: each question goes over all facts again. The properties hold the
 * checks against it.
 */

export interface PlainRow {
  readonly service: string
  readonly guarantee: string
  readonly level: string
  readonly verdict: Verdict
  readonly violations: number
}

export function referenceRows(facts: readonly Told[], plan: Plan): readonly PlainRow[] {
  const viewers = [
    ...plan.services.map(({ name }) => ({ label: name, to: name, from: undefined })),
    ...plan.endToEnd.map(({ from, to }) => ({ label: `${from}→${to}`, to, from })),
  ]
  return viewers.flatMap(({ label, to, from }) => {
    const effects = plan.services.find(({ name }) => name === to)?.effects === true
    return (effects ? ['delivery', 'effect'] : ['delivery']).flatMap((level) => {
      const view = new SlowView(facts, plan, level, to, from)
      return view.rows().map((row) => ({ service: label, level, ...row }))
    })
  })
}

type Row = Omit<PlainRow, 'service' | 'level'>

class SlowView {
  constructor(facts: readonly Told[], plan: Plan, level: string, to: string, from: string | undefined) {
    this.facts = facts
    this.plan = plan
    this.level = level
    this.to = to
    this.from = from
  }

  readonly facts: readonly Told[]
  readonly plan: Plan
  readonly level: string
  readonly to: string
  readonly from: string | undefined

  rows(): readonly Row[] {
    const loss = this.loss()
    const duplicates = this.duplicates()
    return [
      { guarantee: 'no-loss', ...loss },
      { guarantee: 'no-duplicates', ...duplicates },
      {
        guarantee: 'exactly-once',
        verdict: worstVerdict([loss.verdict, duplicates.verdict]),
        violations: loss.violations + duplicates.violations,
      },
      { guarantee: 'no-invention', ...this.invention() },
      {
        guarantee: 'ordered-per-key',
        ...this.order((late, early) => this.inSequence(late, early, 'key'), this.keyed()),
      },
      { guarantee: 'ordered-per-producer', ...this.order((late, early) => this.inSequence(late, early)) },
      { guarantee: 'total-order', ...this.totalOrder() },
      ...(this.from === undefined ? [{ guarantee: 'ordered-per-partition', ...this.partitionOrder() }] : []),
      ...(this.from === undefined && this.level === 'effect'
        ? [{ guarantee: 'no-stale-writes', ...this.staleWrites() }]
        : []),
    ]
  }

  loss(): Omit<Row, 'guarantee'> {
    const expected = this.of('submitted').filter((fact) => this.expects(String(fact['message'])))
    const judged = distinct(expected.map(({ message }) => String(message))).filter((message) =>
      ['confirmed', 'assumed'].includes(this.outcome(message)),
    )
    const missing = distinct(judged.map((message) => this.owed(message)))
      .filter((owed) => !this.arrivedItems().includes(owed))
      .filter((owed) => !this.parkedItems().includes(owed))
      .filter((owed) => this.level === 'delivery' || !this.declined(owed))
    if (judged.length === 0) return { verdict: 'unknown', violations: 0 }
    if (missing.length > 0 && this.cutOff) return { verdict: 'unknown', violations: 0 }
    return verdictOf(missing.length, false)
  }

  duplicates(): Omit<Row, 'guarantee'> {
    const seen = this.surviving().map((fact) => this.repeated(fact))
    const ours = seen.filter((item) => item !== undefined)
    const repeated = distinct(ours).filter((item) => ours.filter((other) => other === item).length > 1)
    return verdictOf(repeated.length, this.cutOff || ours.length === 0)
  }

  invention(): Omit<Row, 'guarantee'> {
    const strangers = distinct(this.shown().flatMap((fact) => this.unsent(fact)))
    const arrived = this.arrivedItems()
    const submitted = distinct(this.of('submitted').map(({ message }) => String(message)))
    const refused = submitted.filter((message) => this.refused(message)).map((message) => this.owed(message))
    const violations = strangers.length + distinct(refused).filter((owed) => arrived.includes(owed)).length
    const nothing = this.surviving().filter((fact) => this.repeated(fact) !== undefined).length === 0
    return verdictOf(violations, this.cutOff || nothing)
  }

  /** `inOrder` says of two whether the first had to come before the other; nothing where they are not to be compared. */
  order(
    inOrder: (one: string, other: string) => boolean | undefined,
    arrivals: readonly string[] = this.firstArrivals(),
  ): Omit<Row, 'guarantee'> {
    const others = (place: number): readonly (boolean | undefined)[] =>
      arrivals.slice(0, place).map((earlier) => inOrder(arrivals[place] ?? '', earlier))
    const compared = arrivals.filter((_, place) => others(place).some((answer) => answer !== undefined))
    const overtaken = arrivals.filter((_, place) => others(place).includes(true))
    return verdictOf(overtaken.length, this.cutOff || compared.length === 0)
  }

  /** In the order of the first time that counts, and only what somebody sent. */
  firstArrivals(): readonly string[] {
    const arrivals = distinct(this.surviving().flatMap((fact) => this.operationsShownBy(fact)))
    return arrivals.filter((operation) => this.firstSubmission(operation) !== undefined)
  }

  keyed(): readonly string[] {
    return this.firstArrivals().filter((operation) => this.keyOf(operation) !== '')
  }

  inSequence(one: string, other: string, ...alike: readonly string[]): boolean | undefined {
    const [first, second] = [this.firstSubmission(one), this.firstSubmission(other)]
    const comparable = ['node', ...alike].every((field) => first?.[field] === second?.[field])
    return comparable ? Number(first?.['sequence']) < Number(second?.['sequence']) : undefined
  }

  partitionOrder(): Omit<Row, 'guarantee'> {
    const partition = (operation: string): string | undefined => {
      const handed = this.of('delivered').filter(({ service }) => service === this.to)
      const first = handed.find(({ message }) => this.operation(String(message)) === operation)
      return first && JSON.stringify([first['channel'], first['partition']])
    }
    const placed = this.firstArrivals().filter((operation) => partition(operation) !== undefined)
    return this.order(
      (one, other) => (partition(one) === partition(other) ? this.inSequence(one, other) : undefined),
      placed,
    )
  }

  totalOrder(): Omit<Row, 'guarantee'> {
    const peers = this.plan.services
      .filter(
        ({ name, effects }) => this.from === undefined && name !== this.to && (effects || this.level === 'delivery'),
      )
      .map(({ name }) => new SlowView(this.facts, this.plan, this.level, name, undefined).firstArrivals())
    return this.order((one, other) => {
      const elsewhere = peers.some(
        (arrivals) =>
          arrivals.includes(one) && arrivals.includes(other) && arrivals.indexOf(one) < arrivals.indexOf(other),
      )
      return elsewhere || this.inSequence(one, other) === true || this.wasConfirmedBefore(one, other)
    })
  }

  /** Whether one operation was confirmed before another was sent. */
  wasConfirmedBefore(one: string, other: string): boolean {
    const carries = (fact: Told): boolean =>
      this.of('submitted').some(({ message, operation }) => message === fact['message'] && operation === one)
    const confirmed = this.facts.findIndex((fact) => fact['outcome'] === 'confirmed' && carries(fact))
    const sent = this.facts.findIndex((fact) => fact.fact === 'submitted' && fact['operation'] === other)
    return confirmed >= 0 && confirmed < sent
  }

  staleWrites(): Omit<Row, 'guarantee'> {
    const states = this.plan.services.some(({ name, writes }) => name === this.to && writes === 'state')
    const writes = states ? this.surviving().filter(({ store }) => store !== '') : []
    const row = ({ store, effect, key }: Told): string => JSON.stringify([store, effect, key])
    const source = ({ message }: Told): string => {
      const submission = this.submission(String(message))
      return JSON.stringify([submission?.['service'], submission?.['channel']])
    }
    const last = writes.filter((write, place) => !writes.slice(place + 1).some((later) => row(later) === row(write)))
    const stale = last.filter((write) =>
      writes
        .filter((other) => row(other) === row(write) && source(other) === source(write))
        .some((other) => Number(other['version']) > Number(write['version'])),
    )
    return verdictOf(stale.length, this.cutOff || last.length === 0)
  }

  of(kind: string): readonly Told[] {
    return this.facts.filter(({ fact }) => fact === kind)
  }

  get cutOff(): boolean {
    return !this.of('run-ended').some(({ ending }) => ending === 'settled' || ending === 'stuck')
  }

  /** Every delivery or effect at the receiver. */
  shown(): readonly Told[] {
    const kind = this.level === 'delivery' ? 'delivered' : 'effect-applied'
    return this.of(kind).filter(({ service }) => service === this.to)
  }

  /** Those of them that no store lost: of several alike, the latest are lost first. */
  surviving(): readonly Told[] {
    const left: Told[] = []
    const shown = this.shown()
    for (const fact of this.facts) {
      if (shown.includes(fact)) left.push(fact)
      if (fact.fact !== 'effect-undone' || fact['service'] !== this.to || this.level !== 'effect') continue
      const same = ['message', 'operation', 'effect', 'store'] as const
      const place = left.findLastIndex((other) => same.every((field) => other[field] === fact[field]))
      if (place >= 0) left.splice(place, 1)
    }
    return left
  }

  submission(message: string): Told | undefined {
    return this.of('submitted').find((fact) => fact['message'] === message)
  }

  firstSubmission(operation: string): Told | undefined {
    return this.of('submitted').find((fact) => fact['operation'] === operation)
  }

  keyOf(operation: string): string | undefined {
    const submission = this.firstSubmission(operation)
    return submission && String(submission['key'])
  }

  operation(message: string): string {
    return String(this.submission(message)?.['operation'])
  }

  outcome(message: string): string {
    let outcome = 'open'
    let possible = 0
    const ranks = ['open', 'rejected', 'unknown', 'assumed', 'confirmed']
    for (const fact of this.facts) {
      if (fact['message'] !== message) continue
      if (fact.fact === 'submitted') possible++
      if (fact.fact === 'submitted' && outcome === 'rejected') outcome = 'open'
      const told = String(fact['outcome'])
      if (told === 'rejected') possible = Math.max(0, possible - 1)
      if (told === 'rejected' && possible > 0) continue
      if (fact.fact === 'answered' && ranks.indexOf(told) > ranks.indexOf(outcome)) outcome = told
    }
    return outcome
  }

  expects(message: string): boolean {
    const submission = this.submission(message)
    if (submission === undefined) return false
    if (this.from !== undefined) return submission['service'] === this.from
    return this.plan.routes[String(submission['channel'])]?.includes(this.to) === true
  }

  byMessage(): boolean {
    return this.level === 'delivery' && this.from === undefined
  }

  owed(message: string): string {
    return this.byMessage() ? message : this.operation(message)
  }

  /** The messages of the origin that a message goes back to. */
  roots(message: string): readonly string[] {
    if (this.expects(message)) return [message]
    return this.parents(message).flatMap((parent) => this.roots(parent))
  }

  parents(message: string): readonly string[] {
    return this.of('derived')
      .filter((fact) => fact['message'] === message)
      .map(({ parent }) => String(parent))
  }

  operationsShownBy(fact: Told): readonly string[] {
    const message = String(fact['message'])
    if (this.from !== undefined) return this.roots(message).map((root) => this.operation(root))
    if (this.level === 'effect') return [String(fact['operation'])]
    return this.submission(message) === undefined ? [] : [this.operation(message)]
  }

  arrivedItems(): readonly string[] {
    return this.surviving().flatMap((fact) =>
      this.byMessage() ? [String(fact['message'])] : this.operationsShownBy(fact),
    )
  }

  repeated(fact: Told): string | undefined {
    const message = String(fact['message'])
    if (this.byMessage()) return message
    if (this.from !== undefined && this.roots(message).length === 0) return undefined
    if (this.level === 'delivery' && this.submission(message) === undefined) return undefined
    const operation = this.level === 'effect' ? String(fact['operation']) : this.operation(message)
    return JSON.stringify([operation, fact['effect']])
  }

  unsent(fact: Told): readonly string[] {
    const message = String(fact['message'])
    if (this.from !== undefined) return this.unsentAncestors(message).slice(0, 1)
    if (this.level === 'effect')
      return this.firstSubmission(String(fact['operation'])) === undefined ? [String(fact['operation'])] : []
    return this.submission(message) === undefined ? [message] : []
  }

  unsentAncestors(message: string): readonly string[] {
    if (this.expects(message)) return []
    const own = this.submission(message) === undefined ? [message] : []
    return [...own, ...this.parents(message).flatMap((parent) => this.unsentAncestors(parent))]
  }

  refused(message: string): boolean {
    if (this.byMessage()) return this.outcome(message) === 'rejected'
    const carriers = this.of('submitted').filter(({ operation }) => operation === this.operation(message))
    const rejected = carriers.every((fact) => this.outcome(String(fact['message'])) === 'rejected')
    return rejected && (this.from === undefined || this.expects(message))
  }

  declined(operation: string): boolean {
    return this.of('effect-skipped').some(
      (fact) =>
        this.operationsShownBy(fact).includes(operation) &&
        fact['service'] === this.to &&
        ['superseded', 'declined'].includes(String(fact['reason'])),
    )
  }

  parkedItems(): readonly string[] {
    const resting: Told[] = []
    for (const fact of this.facts) {
      if (fact.fact === 'copy-stored') resting.push(fact)
      if (fact.fact !== 'copy-ended') continue
      const place = resting.findIndex(
        (other) => other['message'] === fact['message'] && other['place'] === fact['place'],
      )
      if (place >= 0) resting.splice(place, 1)
    }
    return resting
      .filter(({ place }) =>
        this.from !== undefined
          ? String(place) in this.plan.parked
          : this.plan.parked[String(place)]?.includes(this.to),
      )
      .map(({ message }) => String(message))
      .filter((message) => this.submission(message) !== undefined)
      .flatMap((message) =>
        this.from === undefined ? [this.owed(message)] : this.roots(message).map((root) => this.operation(root)),
      )
  }
}

function verdictOf(violations: number, undecided: boolean): Omit<Row, 'guarantee'> {
  return { verdict: violations > 0 ? 'violated' : undecided ? 'unknown' : 'holds', violations }
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)]
}
