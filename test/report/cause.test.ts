import { describe, expect, it } from 'vitest'
import type { AnyFact } from '../../src/history/fact.ts'
import { defineFact, noFact } from '../../src/history/fact.ts'
import * as facts from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'
import { causeOf, causeText } from '../../src/report/cause.ts'
import { readTrails } from '../../src/report/trails.ts'

const at = { service: 'billing', message: 'order-1', attempt: 1 } as const
const handed = { ...at, channel: 'q', partition: '', position: 0, redelivered: false }
const crash = { fault: 0, action: 'crash', target: 'billing' }

/** A history that begins with a delivery of order-1 to billing. */
function afterDelivery(): { history: History; node: (name: string) => number; delivered: number } {
  const history = new History()
  const node = (name: string): number => history.names.intern(name)
  return { history, node, delivered: history.record(facts.delivered, 1_000, node('billing'), handed) }
}

function causeOfLoss(history: History, evidence: readonly AnyFact[] = [history.at(0)]): string {
  const witness = { item: 'order-1', sentence: 'order-1 was lost', evidence }
  return causeText(history, witness, readTrails(history, [witness])).replaceAll('\u00a0', ' ')
}

describe('the cause of a violation', () => {
  it('is the fault that came while a message was in hand, even if nothing followed from it', () => {
    const { history, node, delivered } = afterDelivery()
    history.record(facts.acknowledged, 1_100, node('billing'), at, delivered)
    const struck = history.record(facts.faultStruck, 2_000, node('run'), crash)
    history.record(facts.nodeCrashed, 2_000, node('billing'), { incarnation: 0 }, struck)
    expect(causeOfLoss(history)).toBe(
      'billing crashed (crash struck billing at 0.002 s), after billing acknowledged order-1',
    )
  })

  it('is no fault that came when the message was done with', () => {
    const { history, node, delivered } = afterDelivery()
    const reason = 'unknown type'
    history.record(facts.effectSkipped, 1_050, node('billing'), { ...at, operation: 'order-1', effect: 'bill', reason })
    const handled = history.record(facts.handled, 1_100, node('billing'), at, delivered)
    const acknowledged = history.record(facts.acknowledged, 1_100, node('billing'), at, handled)
    const struck = history.record(facts.faultStruck, 2_000, node('run'), crash)
    history.record(facts.nodeCrashed, 2_000, node('billing'), { incarnation: 0 }, struck)
    expect(causeOfLoss(history, [history.at(0), history.at(acknowledged)])).toBe(
      'billing left order-1 out: unknown type at 0.00105 s',
    )
  })

  it('of what came twice is no fault that struck when it had come', () => {
    const { history, node } = afterDelivery()
    const reason = 'the store answered: refused'
    history.record(facts.handlingFailed, 1_100, node('billing'), { ...at, reason, swallowed: false })
    const again = history.record(facts.delivered, 1_200, node('billing'), { ...handed, attempt: 2 })
    const struck = history.record(facts.faultStruck, 2_000, node('run'), crash)
    history.record(facts.nodeCrashed, 2_000, node('billing'), { incarnation: 0 }, struck)
    expect(causeOfLoss(history, [history.at(0), history.at(again)])).toBe(
      'billing failed to handle order-1: the store answered: refused at 0.0011 s',
    )
  })

  it('of what came twice may be a fault that struck when the first time was over', () => {
    const { history, node, delivered } = afterDelivery()
    history.record(facts.handled, 1_100, node('billing'), at, delivered)
    history.record(facts.acknowledged, 1_200, node('billing'), at, delivered)
    const struck = history.record(facts.faultStruck, 2_000, node('run'), crash)
    history.record(facts.nodeCrashed, 2_000, node('billing'), { incarnation: 0 }, struck)
    const again = history.record(facts.delivered, 3_000, node('billing-2'), handed)
    expect(causeOfLoss(history, [history.at(0), history.at(again)])).toBe(
      'billing crashed (crash struck billing at 0.002 s), after billing acknowledged order-1 and before billing-2 was handed order-1 (attempt 1)',
    )
  })

  it('of what came twice is, where nothing else happened, that its group began anew', () => {
    const { history, node, delivered } = afterDelivery()
    const routine = { statement: 'Groups begin anew.', evidence: 'documented', page: '', routine: true } as const
    const began = defineFact('began', 'broker', { group: 'name' }, '{group} began', routine)
    const committed = defineFact('committed', 'broker', { group: 'name', partition: 'name' }, '{group}', routine)
    history.record(facts.handled, 1_100, node('billing'), at, delivered)
    history.record(facts.acknowledged, 1_200, node('billing'), at, delivered)
    history.record(began, 2_000, node('broker'), { group: 'billing' })
    history.record(committed, 2_500, node('broker'), { group: 'billing', partition: 'q/1' })
    const again = history.record(facts.delivered, 3_000, node('billing'), { ...handed, attempt: 2 })
    expect(causeOfLoss(history, [history.at(0), history.at(again)])).toBe(
      'billing began at 0.002 s, after billing acknowledged order-1 and before billing was handed order-1 (attempt 2)',
    )
  })

  it('is found behind what a fact had waited for', () => {
    const { history, node } = afterDelivery()
    const struck = history.record(facts.faultStruck, 2_000, node('run'), { ...crash, action: 'partition' })
    const lost = { copy: 0, message: 'order-1', place: 'q', fate: 'expired', reason: '' }
    history.record(facts.handled, 1_100, node('billing'), at)
    history.record(facts.acknowledged, 1_100, node('billing'), at)
    const ended = history.record(facts.copyEnded, 3_000, node('broker'), lost, noFact, struck)
    expect(causeOfLoss(history, [history.at(ended)])).toContain('partition struck billing at 0.002 s')
  })

  it('is told of what a message was made from, where nothing struck it itself', () => {
    const { history, node } = afterDelivery()
    const struck = history.record(facts.faultStruck, 2_000, node('run'), { ...crash, action: 'pause' })
    history.record(facts.nodePaused, 2_000, node('billing'), { incarnation: 0 }, struck)
    history.record(facts.derived, 3_000, node('billing'), { message: 'reply-1', parent: 'order-1' })
    const seen = history.record(facts.delivered, 4_000, node('shop'), {
      ...handed,
      service: 'shop',
      message: 'reply-1',
    })
    const witness = { item: 'reply-1', sentence: 'reply-1 came twice', evidence: [history.at(seen)] }
    expect(causeText(history, witness, readTrails(history, [witness]))).toMatch(/^billing froze \(pause struck billing/)
  })

  it('is, when nothing else is known, a fault that held while the message was sent', () => {
    const history = new History()
    const node = (name: string): number => history.names.intern(name)
    const struck = history.record(facts.faultStruck, 500, node('run'), { ...crash, target: 'broker' })
    history.record(facts.nodeCrashed, 500, node('broker'), { incarnation: 0 }, struck)
    const sent = { operation: 'order-1', key: '', sequence: 1, version: 1, service: 'shop', channel: 'q', size: 1 }
    const submitted = history.record(facts.submitted, 1_000, node('shop'), { ...sent, message: 'order-1' })
    const assumed = { message: 'order-1', service: 'shop', outcome: 'assumed', reason: '' }
    history.record(facts.answered, 1_000, node('shop'), assumed, submitted)
    expect(causeOfLoss(history, [history.at(submitted)])).toBe(
      'broker crashed (crash struck broker at 0.0005 s), before shop sent order-1 to q',
    )
  })

  it('of what nobody but its sender ever had is the first fault to strike when it had left', () => {
    const history = new History()
    const node = (name: string): number => history.names.intern(name)
    const sent = { operation: 'order-1', key: '', sequence: 1, version: 1, service: 'shop', channel: 'q', size: 1 }
    const submitted = history.record(facts.submitted, 1_000, node('shop'), { ...sent, message: 'order-1' })
    const assumed = { message: 'order-1', service: 'shop', outcome: 'assumed', reason: '' }
    const answered = history.record(facts.answered, 1_000, node('shop'), assumed, submitted)
    for (const [time, target] of [
      [1_100, 'broker'],
      [9_000, 'other'],
    ] as const) {
      const struck = history.record(facts.faultStruck, time, node('run'), { ...crash, target })
      history.record(facts.nodeCrashed, time, node(target), { incarnation: 0 }, struck)
    }
    expect(causeOfLoss(history, [history.at(submitted), history.at(answered)])).toMatch(
      /^broker crashed .* at 0.0011 s/,
    )
  })

  it('of what was given out to a consumer that never got it is the first fault to strike after that', () => {
    const history = new History()
    const node = (name: string): number => history.names.intern(name)
    const sent = { operation: 'order-1', key: '', sequence: 1, version: 1, service: 'shop', channel: 'q', size: 1 }
    history.record(facts.submitted, 1_000, node('shop'), { ...sent, message: 'order-1' })
    const given = { copy: 0, message: 'order-1', place: 'q', fate: 'delivered', reason: '' }
    const ended = history.record(facts.copyEnded, 1_100, node('broker'), given)
    for (const time of [2_000, 9_000]) {
      const struck = history.record(facts.faultStruck, time, node('run'), crash)
      history.record(facts.nodeCrashed, time, node('billing'), { incarnation: 0 }, struck)
    }
    expect(causeOfLoss(history, [history.at(ended)])).toMatch(/^billing crashed .* at 0.002 s/)
    history.record(facts.delivered, 9_100, node('billing'), handed)
    expect(causeOfLoss(history, [history.at(ended)])).not.toContain('0.002 s')
  })

  it('of a copy that was lost is a fault that struck while the message was under way', () => {
    const history = new History()
    const node = (name: string): number => history.names.intern(name)
    const sent = { operation: 'order-1', key: '', sequence: 1, version: 1, service: 'shop', channel: 'q', size: 1 }
    history.record(facts.submitted, 1_000, node('shop'), { ...sent, message: 'order-1' })
    history.record(facts.copyStored, 1_100, node('broker'), { copy: 0, message: 'order-1', place: 'q' })
    history.record(facts.faultStruck, 2_000, node('run'), { ...crash, action: 'isolate', target: 'broker' })
    const lost = { copy: 0, message: 'order-1', place: 'q', fate: 'lost', reason: '' }
    const ended = history.record(facts.copyEnded, 3_000, node('broker'), lost)
    expect(causeOfLoss(history, [history.at(ended)])).toMatch(/^isolate struck broker at 0.002 s/)
  })

  it('of what was never acknowledged, and of what waits behind that, is that somebody finished it and said nothing', () => {
    const { history, node } = afterDelivery()
    history.record(facts.handled, 1_100, node('billing'), at)
    const copy = { copy: 0, message: 'order-1', place: 'q', state: 'unacknowledged' }
    const waits = history.record(facts.copyRemained, 9_000, node('broker'), copy)
    expect(causeOfLoss(history, [history.at(waits)])).toBe(
      'billing finished order-1 and never acknowledged it at 0.0011 s, after billing was handed order-1 (attempt 1)',
    )
    const sent = { operation: 'order-2', key: '', sequence: 1, version: 1, service: 'shop', channel: 'q', size: 1 }
    const submitted = history.record(facts.submitted, 1_000, node('shop'), { ...sent, message: 'order-2' })
    const behind = { copy: 1, message: 'order-2', place: 'q', state: 'ready' }
    history.record(facts.copyRemained, 9_000, node('broker'), behind)
    const witness = { item: 'order-2', sentence: 'order-2 was lost', evidence: [history.at(submitted)] }
    expect(causeText(history, witness, readTrails(history, [witness]))).toMatch(
      /^billing finished order-1 and never acknowledged it/,
    )
  })

  it('of what never came to somebody is that another took it', () => {
    const { history, node, delivered } = afterDelivery()
    history.record(facts.acknowledged, 1_100, node('billing'), at, delivered)
    expect(causeOfLoss(history)).toMatch(/^billing was handed order-1/)
  })

  it('of a handler that failed is what struck a service that has since done something for it, and no broker', () => {
    const granted = defineFact('granted', 'store', { to: 'name' }, '{node} gave a lock to {to}')
    const asked = (does: (history: History, locks: number) => void): string => {
      const history = new History()
      const node = (name: string): number => history.names.intern(name)
      const struck = history.record(facts.faultStruck, 500, node('run'), { ...crash, target: 'locks' })
      history.record(facts.nodeCrashed, 500, node('locks'), { incarnation: 0 }, struck)
      const first = history.record(facts.delivered, 1_000, node('billing'), handed)
      does(history, node('locks'))
      const failed = { ...at, reason: 'a higher token has written', swallowed: false }
      const last = history.record(facts.handlingFailed, 1_100, node('billing'), failed)
      return causeOfLoss(history, [history.at(first), history.at(last)])
    }
    const grants = asked((history, locks) => history.record(granted, 1_050, locks, { to: 'billing' }))
    expect(grants).toMatch(/^locks crashed/)
    const copy = { copy: 0, message: 'order-1', place: 'q' }
    const stores = asked((history, locks) => history.record(facts.copyStored, 1_050, locks, copy))
    expect(stores).toMatch(/^billing failed to handle/)
  })

  it('of a copy that was dropped is a fault that struck somebody on its way', () => {
    const { history, node } = afterDelivery()
    history.record(facts.handled, 1_100, node('billing'), at)
    history.record(facts.acknowledged, 1_100, node('billing'), at)
    const target = { fault: 0, action: 'reset-connections', target: 'billing, broker' }
    history.record(facts.faultStruck, 2_000, node('run'), target)
    const copy = { copy: 0, message: 'order-1', place: 'q', fate: 'dropped', reason: 'whoever asked is gone' }
    const dropped = history.record(facts.copyEnded, 2_100, node('broker'), copy)
    expect(causeOfLoss(history, [history.at(dropped)])).toMatch(/^reset-connections struck billing, broker/)
  })

  it('of a run that got stuck has with it who was still down, and nobody who had come back', () => {
    const { history, node } = afterDelivery()
    const crashOf = (name: string): void => {
      const struck = history.record(facts.faultStruck, 2_000, node('run'), { ...crash, target: name })
      history.record(facts.nodeCrashed, 2_000, node(name), { incarnation: 0 }, struck)
    }
    for (const name of ['controller-1', 'controller-2', 'billing']) crashOf(name)
    history.record(facts.nodeStarted, 3_000, node('controller-2'), { incarnation: 1 })
    const ended = history.record(facts.runEnded, 9_000, node('run'), { ending: 'stuck', waitingFor: '' })
    const witness = { item: 'order-1', sentence: 'order-1 waits', evidence: [history.at(0), history.at(ended)] }
    const cause = causeOf(history, witness, readTrails(history, [witness]))
    const named = [cause?.struck, ...(cause?.besides ?? [])].flatMap((fact) => (fact ? [fact.node] : []))
    expect(named.map((name) => history.names.text(name))).toEqual(['billing', 'controller-1'])
  })

  it('is left open where the history says nothing of it', () => {
    expect(causeOfLoss(afterDelivery().history)).toBe('')
  })

  it('is left open where the history was not kept', () => {
    const { history } = afterDelivery()
    expect(causeOfLoss(new History({ keep: false }), [history.at(0)])).toBe('')
  })
})
