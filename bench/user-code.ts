/**
 * A run of fifty messages that ordinary asynchronous code handles, with three operations each, after warming up: the same handling as a
 * program of the machine's own, and what the bridge costs beside it. A run is meant to take less than 10 ms.
 */
import { sleep } from '../src/application/program.ts'
import { done } from '../src/application/strategies/strategy.ts'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Prepare } from '../src/testing/bridge/shaped-handler.ts'
import { runUserCode } from '../src/testing/bridge/user-run.ts'

const rounds = 200

const parsed = parseScenario(
  `title: fifty messages
systems: { queue: { memory: { queues: { orders: {} } } } }
stores: { ledger: { ledger: {} } }
services:
  shop: { sends: { to: queue/orders, messages: 50, rate: 1000/s } }
  billing: { receives: queue/orders, handling: { store: ledger, effect: billed } }
`,
  catalogue,
)
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
const { scenario } = parsed

const billing: Prepare = (inside) => ({
  shape: 'bench',
  *handle({ handling, call }) {
    yield* call(async () => {
      await inside.perform(() => sleep(100))
      await inside.perform(() => handling.applyEffect())
      await new Promise((resolve) => setTimeout(resolve, 1))
      inside.log('billed', handling.ids.message, Date.now())
    })
    return done
  },
})

await measure('no user code', async () => run(scenario))
await measure('user code', async () => (await runUserCode(scenario, { billing }, { notesPlaces: false })).run)

/** Processor time of this process: other work on the machine does not count, and it is too coarse for a single run. */
async function measure(what: string, once: () => Promise<{ readonly events: number }>): Promise<void> {
  for (let round = 0; round < rounds; round++) await once()
  const before = process.cpuUsage()
  let events = 0
  for (let round = 0; round < rounds; round++) events = (await once()).events
  const { user, system } = process.cpuUsage(before)
  console.log(
    `${what.padEnd(14)} ${((user + system) / 1000 / rounds).toFixed(2)} ms a run, over ${rounds} runs of ${events} events`,
  )
}
