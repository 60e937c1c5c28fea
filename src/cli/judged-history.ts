import { judge } from '../checks/judge.ts'
import { replay } from '../history/fold.ts'
import { faultEnded, faultMissed, faultStruck, runEnded } from '../history/facts.ts'
import type { NeutralFact } from '../history/facts.ts'
import type { History } from '../history/history.ts'
import { measure } from '../metrics/metrics.ts'
import { planOf } from '../pipeline/plan.ts'
import { buildWorld } from '../pipeline/simulate.ts'
import type { Run } from '../run.ts'
import { concluded } from '../run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { FaultState } from '../simulation/scheduled-fault.ts'

/** A history that was saved, judged as if it had just happened. Nothing is run: a log of a real system in the same form will do. */
export function judgedHistory(scenario: Scenario, history: History): Run {
  const { systems } = buildWorld(scenario)
  const seen = new SeenFaults(history)
  const told = {
    // Facts are not all that a fingerprint covers.
    fingerprint: '',
    events: 0,
    simulatedMicros: seen.lastTime,
    ending: seen.ending,
    waitingFor: seen.waitingFor,
    history,
    faultStates: scenario.faults.map((_, index) => seen.stateOf(index)),
  }
  return concluded(scenario, told, judge(history, planOf(scenario, systems)), () => measure(history))
}

/** What the history says of the run's faults and its end. */
class SeenFaults {
  readonly kinds = [faultStruck, faultEnded, faultMissed, runEnded]
  readonly #states = new Map<number, FaultState>()
  readonly #history: History
  ending: Run['ending'] = 'bound'
  waitingFor = ''
  lastTime = 0

  constructor(history: History) {
    this.#history = history
    replay(history, [this])
    if (history.length > 0) this.lastTime = history.at(history.length - 1).time
  }

  stateOf(fault: number): FaultState {
    return this.#states.get(fault) ?? 'waiting'
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'fault-struck':
        this.#states.set(fact.fault, 'active')
        break
      case 'fault-ended':
        this.#states.set(fact.fault, 'over')
        break
      case 'fault-missed':
        this.#states.set(fact.fault, 'missed')
        break
      case 'run-ended':
        this.ending = endingOf(this.#history.names.text(fact.ending))
        this.waitingFor = this.#history.names.text(fact.waitingFor)
        break
    }
  }
}

/** A history that was cut off leaves verdicts open. */
function endingOf(text: string): Run['ending'] {
  return text === 'settled' || text === 'stuck' ? text : 'bound'
}
