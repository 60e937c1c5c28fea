/** 200,000 node-seconds in which nothing happens: twenty clients tell a server every three seconds that they are alive, for 10,000 s. */
import { performance } from 'node:perf_hooks'
import { second } from '../src/simulation/duration.ts'
import { linkProfiles } from '../src/simulation/link-profile.ts'
import { settlingDefaults } from '../src/simulation/settling.ts'
import { World } from '../src/simulation/world.ts'

const clients = 20
const lasts = 10_000 * second
const beat = 3 * second

function idleWorld(): World {
  const world = new World({
    seed: 'heartbeats',
    linkProfileOf: () => linkProfiles.lan,
    faults: [],
    faultKinds: [],
    settling: { ...settlingDefaults, bound: 2 * lasts },
    factKinds: [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  world.addNode({
    name: 'server',
    service: { servers: 4, perRequest: 50, perKibibyte: 10 },
    start: (process) =>
      process.listen<string, string>('alive', (connection) => ({
        received: () => connection.send('yes', { bytes: 20, about: 'answer' }),
      })),
  })
  for (let client = 0; client < clients; client++) {
    world.addNode({
      name: `client-${client}`,
      start: (process) => {
        let timeout = process.setTimer(beat * 4, () => {}, 'server')
        const connection = process.connect<string, string>('server', 'alive', {
          received: () => {
            timeout.clear()
            timeout = process.setTimer(beat * 4, () => {}, 'server')
          },
        })
        const tell = (): void => {
          connection.send('alive', { bytes: 40, about: 'heartbeat' })
          process.setTimer(beat, tell)
        }
        tell()
      },
    })
  }
  world.addParticipant({
    name: 'bench',
    busyWith: () => (world.engine.now < lasts ? 'being idle' : undefined),
    waitingFor: () => undefined,
    patience: 2 * lasts,
  })
  return world
}

for (let round = 0; round < 8; round++) {
  const world = idleWorld()
  const begin = performance.now()
  world.begin()
  world.advance()
  const took = performance.now() - begin
  const events = world.engine.dispatched
  const perEvent = (took * 1_000_000) / events
  console.log(
    `200,000 node-seconds: ${took.toFixed(0).padStart(5)} ms, ${events} events of ${perEvent.toFixed(0)} ns, ${(events / (clients * (lasts / beat))).toFixed(1)} events a heartbeat`,
  )
}
