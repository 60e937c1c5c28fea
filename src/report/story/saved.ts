import type { Witness } from '../../checks/check.ts'
import type { AnyFact, Name } from '../../history/fact.ts'
import {
  answered,
  delivered,
  effectApplied,
  effectSkipped,
  faultStruck,
  handled,
  submitted,
} from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { KeptMessages } from './kept-messages.ts'
import { SlowConfirmations } from './slow-confirmations.ts'
import { readTrails } from '../trails.ts'
import { trailsOf, violationsOf } from '../violations.ts'
import { ruleSourceOf } from './rule.ts'
import { sentenceLimit, stepsOf, storiesOf, type Story } from './story.ts'

/** All stories of a run: what broke, then what was saved. */
export function storiesTold(run: Run, variants: readonly Run['scenario'][] = []): readonly Story[] {
  const trails = trailsOf(run)
  return [...storiesOf(run, violationsOf(run, trails), trails, variants), ...savedStories(run)]
}

/** The guarantees that a mechanism can be seen to save, the one that says most first. */
const saveable = ['no-duplicates', 'no-stale-writes', 'no-loss']

/**
 * What saved the guarantees that held although faults struck: the story of one message that was in danger, for each service and guarantee. Nothing
 * where nobody was in danger, or nobody can tell what saved it.
 */
export function savedStories(run: Run): readonly Story[] {
  const rescues = rescuesIn(run)
  const saved = saveable.flatMap((guarantee) =>
    bestRows(run, guarantee).flatMap((row) => {
      const rescue = rescues.find((one) => saves(one, row))
      return rescue === undefined ? [] : [{ row, rescue }]
    }),
  )
  const trails = readTrails(
    run.history,
    saved.map(({ rescue }) => rescue.witness),
  )
  const rules = ruleSourceOf(run)
  return saved.map(({ row, rescue }) => {
    const { witness } = rescue
    const concerns = [row.service]
    const end = Math.max(...witness.evidence.map(({ index }) => index))
    const steps = stepsOf(run, witness, trails, rules, { concerns, limit: sentenceLimit - 1, end })
    const heading = `${row.service} ${row.guarantee} (${row.level})`
    const { item, sentence: outcome } = witness
    return { of: 'held' as const, heading, item, outcome, steps, witness, concerns, remedy: undefined }
  })
}

/** Something that kept a message from being lost or doubled. */
interface Rescue {
  readonly guarantee: string
  /** Whose guarantee it is; nothing for that of everybody who gets what comes by the channel. */
  readonly service: string | undefined
  /** By which channel the message was sent. */
  readonly channel: Name
  readonly witness: Witness
  /** Whether somebody had it in hand when it was in danger: that says more than that it waited somewhere safe. */
  readonly wasNarrow: boolean
}

/** A service is told of once for each guarantee, at the level that says more. */
function bestRows({ rows }: Run, guarantee: string): readonly JudgedRow[] {
  const holding = rows.filter(
    (row) => row.guarantee === guarantee && row.verdict === 'holds' && !row.service.includes('→'),
  )
  return holding.filter(
    (row) => !holding.some((other) => other.service === row.service && other.level === 'effect' && row !== other),
  )
}

function saves(rescue: Rescue, row: JudgedRow): boolean {
  return rescue.guarantee === row.guarantee && rescue.service === row.service
}

/** The first of each kind for each service, once a fault has struck; those of a service alone before those of everybody. */
function rescuesIn({ history, metrics }: Run): readonly Rescue[] {
  const usual = new Map(metrics.services.map(({ service, confirmLatency }) => [service, confirmLatency?.p50]))
  const watch = new Watch(history, usual)
  const found = new Map<string, Rescue>()
  const note = (rescue: Rescue): void => {
    const key = `${rescue.guarantee} ${rescue.service ?? rescue.channel}`
    const known = found.get(key)
    if (known === undefined || (!known.wasNarrow && rescue.wasNarrow)) found.set(key, rescue)
  }
  for (const fact of history.kept ? history : []) {
    const rescue = watch.see(fact)
    if (rescue !== undefined) note(rescue)
  }
  for (const rescue of watch.refused()) note(rescue)
  return [...found.values()]
    .toSorted((one, other) => Number(one.service === undefined) - Number(other.service === undefined))
    .flatMap((rescue) => {
      if (rescue.service !== undefined) return [rescue]
      return watch.receiversBy(rescue.channel).map((service) => ({ ...rescue, service }))
    })
}

/** Reads a history and sees who saves what. */
class Watch {
  readonly #history: History
  readonly #applied = new Set<string>()
  readonly #unfinished = new Map<string, AnyFact>()
  readonly #handed = new Set<string>()
  readonly #slow: SlowConfirmations
  /** What nobody was told to be safe, by message. */
  readonly #unsafe = new Map<Name, readonly [sent: AnyFact, answer: AnyFact]>()
  readonly #sent = new Map<Name, AnyFact>()
  readonly #channels = new Map<Name, Name>()
  /** Services that were handed something that was sent by a channel. */
  readonly #receivers = new Map<Name, Set<string>>()
  readonly #kept: KeptMessages
  #struck = 0

  /** `usualConfirm`: how long each service usually waits to be told that what it sent is safe, µs. */
  constructor(history: History, usualConfirm: ReadonlyMap<string, number | undefined>) {
    this.#history = history
    this.#kept = new KeptMessages(history)
    this.#slow = new SlowConfirmations(history, usualConfirm)
  }

  see(fact: AnyFact): Rescue | undefined {
    this.#kept.see(fact)
    const late = this.#slow.see(fact)
    if (late !== undefined)
      return this.#rescue('no-loss', undefined, fact, 'its producer went on until it was confirmed', late)
    const rule = this.#history.kindOf(fact.kind)?.rule
    if (rule?.keeps !== undefined && this.#struck > 0)
      return this.#rescue(rule.keeps, undefined, fact, 'the product knew it again and took no second copy')
    switch (fact.kind) {
      case faultStruck.name:
        this.#struck++
        return undefined
      case submitted.name:
        this.#sent.set(Number(fact['message']), fact)
        this.#channels.set(Number(fact['message']), Number(fact['channel']))
        return undefined
      case answered.name:
        return this.#answer(fact)
      case delivered.name:
        this.#unsafe.delete(Number(fact['message']))
        this.#receiversOf(this.#channelOf(fact)).add(this.#service(fact))
        return this.#delivery(fact)
      case handled.name:
        this.#unfinished.delete(this.#key(fact, 'message'))
        return undefined
      case effectApplied.name:
        this.#applied.add(this.#key(fact, 'operation'))
        return undefined
      case effectSkipped.name:
        return this.#skipped(fact)
      default:
        return undefined
    }
  }

  /** Of what never came, something of which nobody was told that it would: what cannot be kept is better not confirmed. */
  refused(): readonly Rescue[] {
    return [...this.#unsafe.values()].map(([sent, answer]) =>
      this.#rescue('no-loss', undefined, answer, 'nobody was told that it is safe, so nobody counts on it', sent),
    )
  }

  /** The services that get what is sent by a channel, as far as they ever got any of it. */
  receiversBy(channel: Name): readonly string[] {
    return [...this.#receiversOf(channel)]
  }

  #answer(fact: AnyFact): undefined {
    const sent = this.#sent.get(Number(fact['message']))
    const outcome = this.#history.names.text(Number(fact['outcome']))
    if (sent !== undefined && this.#struck > 0 && (outcome === 'rejected' || outcome === 'unknown'))
      this.#unsafe.set(Number(fact['message']), [sent, fact])
    this.#sent.delete(Number(fact['message']))
  }

  /** What was there already, or came too late to matter. */
  #skipped(fact: AnyFact): Rescue | undefined {
    if (this.#applied.has(this.#key(fact, 'operation')))
      return this.#rescue('no-duplicates', this.#service(fact), fact, 'its copy was recognised and left out')
    return this.#struck === 0
      ? undefined
      : this.#rescue('no-stale-writes', this.#service(fact), fact, 'it came late, and what is newer stayed')
  }

  /** What was handed out, not finished, and handed out again was not lost with whoever had it. */
  #delivery(fact: AnyFact): Rescue | undefined {
    const key = this.#key(fact, 'message')
    const first = this.#unfinished.get(key)
    this.#unfinished.set(key, fact)
    const isNew = !this.#handed.has(key)
    this.#handed.add(key)
    if (this.#struck === 0) return undefined
    if (first === undefined) {
      if (!isNew) return undefined
      const kept = this.#kept.whyKept(fact)
      return kept && { ...this.#rescue('no-loss', this.#service(fact), fact, kept.how, kept.before), wasNarrow: false }
    }
    return this.#rescue(
      'no-loss',
      this.#service(fact),
      fact,
      'it was handed out again after whoever had it failed',
      first,
    )
  }

  #rescue(guarantee: string, service: string | undefined, fact: AnyFact, how: string, earlier?: AnyFact): Rescue {
    const item = this.#history.names.text(Number(fact['message']))
    const evidence = earlier === undefined ? [fact] : [earlier, fact]
    const witness = { item, sentence: `${item}: ${how}.`, evidence }
    return { guarantee, service, channel: this.#channelOf(fact), witness, wasNarrow: true }
  }

  #channelOf({ message }: AnyFact): Name {
    return this.#channels.get(Number(message)) ?? -1
  }

  #receiversOf(channel: Name): Set<string> {
    const known = this.#receivers.get(channel) ?? new Set()
    this.#receivers.set(channel, known)
    return known
  }

  #service({ service }: AnyFact): string {
    return this.#history.names.text(Number(service))
  }

  #key(fact: AnyFact, field: 'message' | 'operation'): string {
    return `${Number(fact['service'])} ${Number(fact[field])}`
  }
}
