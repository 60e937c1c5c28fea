import { describe, expect, it } from 'vitest'
import {
  acceptedAgainOnlyAfter,
  allInSyncWithoutPower,
  beforeTheFirstCommit,
  cameAgainUncommitted,
  crashed,
  electedUncleanly,
  electedWithoutItsMemory,
  groupCameLate,
  lostItsPower,
  moreAtOnceThan,
  onlyHandedOutAgain,
  onlyUnnotedOrOverdue,
  outOfRange,
  stoodStillLongerThan,
  subscribedLate,
  wasPutOff,
} from '../../scripts/signs-of-limits.ts'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'
import { run, type Run } from '../../src/run.ts'
import { minute, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'

/** A lesson that breaks what its variants mend. */
function broken(lesson: string, variant: string | undefined, set: readonly string[], faults?: readonly Fault[]): Run {
  const [loaded] = loadScenarios([`scenarios/${lesson}.yaml`], { ...noOverlay, variant, set }, [])
  if (loaded === undefined) throw new Error(`There is no lesson ${lesson}.`)
  const outcome = run({ ...loaded.scenario, ...(faults === undefined ? {} : { faults }) })
  expect(outcome.rows.some(({ verdict }) => verdict === 'violated')).toBe(true)
  return outcome
}

function crash(fact: string, message: string): Fault {
  const when = { fact, values: { message }, nth: 1 }
  const targets = [[`handler(${message})`]]
  return { action: 'crash', targets, parameters: {}, strikes: { when, cut: 'after-step' }, duration: 1_000_000 }
}

function slow(node: string): Fault {
  return { action: 'slow', targets: [[node]], parameters: { factor: 2 }, strikes: { at: 0 }, duration: 60_000_000 }
}

describe('a limit of what is mended is told from something else', () => {
  const lesson = '02-idempotency/one-end-for-all'
  const going = 'while-business-goes-on'

  it('by whether what came again was noted, and whether business went on', () => {
    expect(onlyUnnotedOrOverdue(broken(lesson, undefined, []))).toBe(true)
    expect(onlyUnnotedOrOverdue(broken(lesson, going, [], [crash('effect-applied', 'order-0')]))).toBe(true)
    const forgets = 'services.billing.handling.strategy.check-then-mark.time-to-live=100ms'
    expect(onlyUnnotedOrOverdue(broken(lesson, going, [forgets]))).toBe(false)
  })

  it('by whether somebody wrote behind a later holder', () => {
    const pause = '02-idempotency/a-lock-through-a-pause'
    expect(onlyHandedOutAgain(broken(pause, 'a-crash-instead', []))).toBe(true)
    expect(onlyHandedOutAgain(broken(pause, undefined, []))).toBe(false)
  })

  it('by whether anything had been committed', () => {
    const expired = 'kafka/consumer-offsets-that-expired'
    expect(beforeTheFirstCommit(broken(expired, 'a-week', [], [crash('delivered', 'order-0')]))).toBe(true)
    expect(beforeTheFirstCommit(broken(expired, undefined, []))).toBe(false)
  })
  it('by whether the very same record came again, and was not committed', () => {
    const again = crash('effect-applied', 'order-10')
    expect(cameAgainUncommitted(broken('kafka/produce-forgotten-producer', 'a-memory-that-lasts', [], [again]))).toBe(
      true,
    )
    expect(cameAgainUncommitted(broken('kafka/produce-forgotten-producer', undefined, []))).toBe(false)
  })

  it('by whether an election was unclean', () => {
    expect(electedUncleanly(broken('kafka/broker-in-sync-set-of-one', undefined, []))).toBe(true)
    expect(electedUncleanly(broken('kafka/produce-forgotten-producer', undefined, []))).toBe(false)
  })

  it('by whether all that were in sync were without power at once', () => {
    expect(allInSyncWithoutPower(broken('kafka/broker-power-loss-of-all-replicas', undefined, []))).toBe(true)
    const schedule = loadScenarios(['scenarios/kafka/produce-acks-1.yaml'], noOverlay, [])[0]?.scenario.faults ?? []
    const dark = schedule.map((fault) => (fault.action === 'crash' ? { ...fault, action: 'power-loss' } : fault))
    expect(allInSyncWithoutPower(broken('kafka/produce-acks-1', undefined, [], dark))).toBe(false)
  })

  it('by whether the last that was in sync came back without what it had', () => {
    expect(electedWithoutItsMemory(broken('kafka/broker-power-loss-of-all-replicas', undefined, []))).toBe(true)
    expect(electedWithoutItsMemory(broken('kafka/consumer-leader-of-yesterday', undefined, []))).toBe(false)
  })

  it('by whether a consumer began again because nobody had its offset', () => {
    expect(outOfRange(broken('kafka/consumer-leader-of-yesterday', undefined, []))).toBe(true)
    expect(outOfRange(broken('kafka/consumer-starts-at-latest', undefined, []))).toBe(false)
  })

  it('by whether somebody crashed', () => {
    const popped = broken('redis/list-popped-and-crashed', undefined, [])
    expect(crashed('worker')(popped)).toBe(true)
    expect(crashed('shop')(popped)).toBe(false)
  })

  it('by whether somebody lost its power', () => {
    const lost = broken('02-idempotency/the-lock-of-a-lost-host', undefined, [])
    expect(lostItsPower('billing')(lost)).toBe(true)
    expect(lostItsPower('shop')(lost)).toBe(false)
  })

  it('by how many faults held at once', () => {
    const crashes = ['order-0', 'order-1', 'order-2'].map((order) => crash('effect-applied', order))
    expect(moreAtOnceThan(2)(broken(lesson, going, [], crashes))).toBe(false)
    expect(moreAtOnceThan(2)(broken(lesson, going, [], [slow('shop'), slow('queue'), ...crashes]))).toBe(true)
  })

  it('by how long somebody stood still', () => {
    const paused = broken('kinesis/consume-zombie', undefined, [])
    expect(stoodStillLongerThan(30 * second)(paused)).toBe(true)
    expect(stoodStillLongerThan(minute)(paused)).toBe(false)
    const again = paused.scenario.faults.flatMap((fault) => [fault, { ...fault, strikes: { at: 40 * second } }])
    expect(stoodStillLongerThan(minute)(broken('kinesis/consume-zombie', undefined, [], again))).toBe(true)
  })

  it('by how soon something was taken in again', () => {
    expect(acceptedAgainOnlyAfter(5 * minute)(broken('sqs/receive-hidden-for-too-short', undefined, []))).toBe(true)
    const late = broken('sqs/fifo-sent-again-too-late', undefined, [])
    expect(acceptedAgainOnlyAfter(5 * minute)(late)).toBe(true)
    expect(acceptedAgainOnlyAfter(10 * minute)(late)).toBe(false)
  })

  it('by whether a subscriber came late', () => {
    expect(subscribedLate(broken('redis/channel-nobody-listens', undefined, []))).toBe(true)
    expect(subscribedLate(broken('redis/durable-snapshots-only', undefined, []))).toBe(false)
  })

  it('by whether a group was made late', () => {
    expect(groupCameLate(broken('redis/failover-lost-writes', undefined, []))).toBe(false)
    expect(groupCameLate(broken('redis/stream-trimmed-unread', undefined, []))).toBe(true)
  })

  it('by whether a write was put off', () => {
    expect(wasPutOff(broken('redis/durable-slow-disk', undefined, []))).toBe(true)
    expect(wasPutOff(broken('redis/durable-snapshots-only', undefined, []))).toBe(false)
  })
})
