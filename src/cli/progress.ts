import { answered } from '../history/facts.ts'
import type { SimulateOptions } from '../pipeline/simulate.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { World } from '../simulation/world.ts'
import { isTerminal } from './output.ts'
import { PlainProgress } from './plain-progress.ts'
import { terminalBar } from './terminal-bar.ts'

/** A run that is over before this needs no bar. */
const quietFor = 1000
/** How many events pass between two looks at the clock. */
const lookEvery = 2048

/** Shows how far a run is. */
export interface Progress {
  /** To be handed to the run. */
  readonly options: SimulateOptions
  /** Takes the bar away. */
  end(): void
}

const noProgress: Progress = { options: {}, end: () => {} }

/**
 * A bar on standard error for a run that takes longer than a second; a line every ten seconds where that is no terminal. The run is synchronous, so the bar
 * is drawn from inside of it, by an observer of events, and no signal handler gets in the way of Ctrl-C.
 */
export function showProgress(scenario: Scenario, wanted: boolean): Progress {
  if (!wanted) return noProgress
  if (!isTerminal(process.stderr)) return plainProgress(scenario)
  const started = performance.now()
  const total = messagesOf(scenario)
  const bar = terminalBar(format)
  let messages = 0
  const look = (world: World): void => {
    if (world.engine.dispatched % lookEvery !== 0 || performance.now() - started < quietFor) return
    const seen = {
      events: world.engine.dispatched.toLocaleString('en'),
      simulated: `${Math.floor(world.engine.now / 1e6)} s`,
    }
    if (bar.isActive) bar.update(Math.min(messages, total), seen)
    else bar.start(total, messages, { name: scenario.name, ...seen })
  }
  return {
    options: {
      watch: ({ world }) => {
        world.history.listen(answered, () => messages++)
        world.engine.observe(() => look(world))
      },
    },
    end: () => bar.stop(),
  }
}

function plainProgress(scenario: Scenario): Progress {
  const total = messagesOf(scenario).toLocaleString('en')
  const plain = new PlainProgress()
  let messages = 0
  const textOf = ({ engine }: World): string =>
    `${scenario.name}: ${messages.toLocaleString('en')} of ${total} messages, ${engine.dispatched.toLocaleString('en')} events, ${Math.floor(engine.now / 1e6)} s simulated`
  return {
    options: {
      watch: ({ world }) => {
        world.history.listen(answered, () => messages++)
        world.engine.observe(() => {
          if (world.engine.dispatched % lookEvery === 0) plain.look(() => textOf(world))
        })
      },
    },
    end: () => {},
  }
}

const format = '{name} {bar} {value}/{total} messages, {events} events, {simulated} simulated'

/** Messages that the services will send of their own account. */
function messagesOf({ services }: Scenario): number {
  return services
    .flatMap(({ sends, asks }) => [...sends, ...asks])
    .reduce(
      (sum, { workload }) =>
        sum + (typeof workload.messages === 'number' ? workload.messages : workload.messages.length),
      0,
    )
}
