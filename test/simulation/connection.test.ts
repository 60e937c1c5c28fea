import { describe, expect, it } from 'vitest'
import type { ConnectOptions } from '../../src/simulation/connect-options.ts'
import type { Connection } from '../../src/simulation/connection.ts'
import { millisecond, minute, second } from '../../src/simulation/duration.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { World } from '../../src/simulation/world.ts'
import { evenLink, fault, noted, notes, runToEnd, smallWorld } from './small-world.ts'

interface Script {
  readonly faults?: readonly Fault[]
  readonly lasts?: Micros
  readonly options?: ConnectOptions
  readonly listening?: ConnectOptions
  readonly bandwidth?: number
  /** What the client does with its connection, after it was asked for. */
  readonly client: (connection: Connection<number>, process: Process) => void
  /** What the server does on accepting. */
  readonly server?: (connection: Connection<number>, process: Process) => void
  /** What the server does on receiving; it notes it anyway. */
  readonly received?: (connection: Connection<number>, number: number) => void
}

/** A client `a` and a server `b`, 100 µs from each other, that note what they hear of their connections. */
function talk(script: Script): World {
  const { faults = [], lasts = 10 * second, bandwidth = Infinity } = script
  const world = smallWorld({ faults, lasts, linkProfileOf: () => ({ ...evenLink, bandwidth }) })
  const hearing = (process: Process) => ({
    opened: () => void process.record(noted, { what: 'opened', number: process.incarnation }),
    received: (number: number) => void process.record(noted, { what: 'got', number }),
    closed: (reason: string) => void process.record(noted, { what: reason, number: process.incarnation }),
  })
  world.addNode({
    name: 'a',
    start: (process) => {
      if (process.incarnation === 1) {
        script.client(process.connect<number, number>('b', 'talk', hearing(process), script.options), process)
      }
    },
  })
  world.addNode({
    name: 'b',
    start: (process) =>
      process.listen<number, number>(
        'talk',
        (connection) => {
          process.record(noted, { what: 'accepted', number: process.incarnation })
          script.server?.(connection, process)
          const { closed, received } = hearing(process)
          return {
            closed,
            received: (number) => {
              received(number)
              script.received?.(connection, number)
            },
          }
        },
        script.listening,
      ),
  })
  return runToEnd(world)
}

const say = (connection: Connection<number>, number: number, bytes = 100): void =>
  connection.send(number, { bytes, about: 'number' })

/** Opens at once and sends 1; then sends 2 at `later`. */
const twice =
  (later: Micros) =>
  (connection: Connection<number>, process: Process): void => {
    say(connection, 1)
    process.setTimer(later, () => say(connection, 2))
  }

const story = (script: Script): readonly string[] => notes(talk(script), true)

describe('an opening', () => {
  it('takes a round trip, and one more way before the server accepts', () => {
    expect(story({ client: twice(second) })).toEqual([
      '200 a opened 1',
      '300 b accepted 1',
      '300 b got 1',
      `${second + 100} b got 2`,
    ])
  })

  it('is refused at once where nobody listens: by a running host whose process is down', () => {
    expect(story({ faults: [fault('crash', 'b', 0, second)], client: () => {} })).toEqual(['200 a refused 1'])
  })

  it('of a host without power is tried again each second, then two, until it is back', () => {
    expect(story({ faults: [fault('power-loss', 'b', 0, 2 * second)], client: (each) => say(each, 1) })).toEqual([
      `${3 * second + 400} a opened 1`,
      `${3 * second + 500} b accepted 2`,
      `${3 * second + 500} b got 1`,
    ])
  })

  it('is given up after its time', () => {
    const options = { connectTimeout: 5 * second }
    expect(story({ options, faults: [fault('isolate', 'b', 0)], lasts: 9 * second, client: () => {} })).toEqual([
      `${3 * second + 300} a unreachable 1`,
    ])
  })

  it('whose answer is lost is not known to the server before the client knows', () => {
    const faults = [fault('partition', 'b | a', 150, 500 * millisecond, { 'one-way': true })]
    expect(story({ faults, client: (each) => say(each, 1) })).toEqual([
      `${second + 400} a opened 1`,
      `${second + 500} b accepted 1`,
      `${second + 500} b got 1`,
    ])
  })

  it('that was closed before it was done still delivers what was sent', () => {
    const client = (connection: Connection<number>): void => {
      say(connection, 1)
      connection.close()
    }
    expect(story({ client })).toEqual(['300 b accepted 1', '300 b got 1', '300 b closed 1'])
  })

  it('whose client crashed meanwhile leaves nothing behind', () => {
    const world = talk({ faults: [fault('crash', 'a', 150, second)], client: (each) => say(each, 1) })
    expect(notes(world)).toEqual([])
    expect(world.node('b').process.connections.size).toBe(0)
  })
})

describe('a cut', () => {
  it('delays what is sent into it by retransmissions, and what was sent behind by one round trip more', () => {
    const faults = [fault('partition', 'a | b', second / 2, second)]
    const client = (connection: Connection<number>, process: Process): void => {
      for (const number of [1, 2, 3]) process.setTimer(second + number * millisecond, () => say(connection, number))
    }
    // Sent at 1.001 s; again 0.2 and 0.4 s later: at 1.6011 s the way is open.
    expect(story({ faults, client }).slice(2)).toEqual([
      `${1_601_100} b got 1`,
      `${1_601_300} b got 2`,
      `${1_601_300} b got 3`,
    ])
  })

  it('is not noticed by an idle side, and by a side with something to send only when it gives up', () => {
    const options = { userTimeout: 3 * second }
    const faults = [fault('partition', 'a | b', second)]
    expect(story({ faults, options, lasts: 20 * second, client: () => {} })).toHaveLength(2)
    // Sent at 2 s, and again 0.2, 0.6, 1.4 and 3 s later; a fifth time would be later than it wants.
    expect(story({ faults, options, lasts: 20 * second, client: twice(2 * second) }).slice(3)).toEqual([
      `${5 * second + 100} a timed-out 1`,
    ])
  })

  it('of the way back makes the sender give up what had arrived, and the receiver still has it', () => {
    const options = { userTimeout: 3 * second }
    const faults = [fault('partition', 'b | a', second, undefined, { 'one-way': true })]
    expect(story({ faults, options, lasts: 20 * second, client: twice(2 * second) }).slice(2)).toEqual([
      '300 b got 1',
      `${2 * second + 100} b got 2`,
      expect.stringMatching(/ a timed-out 1$/),
    ])
  })

  it('right after an arrival loses the acknowledgement: the sender does not stay idle', () => {
    const options = { userTimeout: 3 * second }
    const anchor = { fact: 'noted', at: 'b', values: { what: 'got', number: 2 }, nth: 1 }
    const faults = [fault('partition', 'a | b', { when: anchor, cut: 'after-state' })]
    expect(story({ faults, options, lasts: 20 * second, client: twice(2 * second) }).at(-1)).toMatch(/a timed-out 1$/)
    const healing = [fault('partition', 'a | b', { when: anchor, cut: 'after-state' }, second)]
    expect(story({ faults: healing, options, client: twice(2 * second) }).at(-1)).toMatch(/b got 2$/)
  })

  it('is found out by keep-alive probes, where they are wanted', () => {
    const options = { keepAlive: { idle: second, interval: second / 2, probes: 3 } }
    const faults = [fault('partition', 'a | b', 2 * second)]
    expect(story({ faults, options, client: () => {} }).at(-1)).toBe(`${2 * second + 200 + 1_500_000} a keep-alive 1`)
    expect(story({ options, client: () => {} })).toHaveLength(2)
  })

  it('is found out as soon by probes that rested while nothing was in their way', () => {
    const options = { keepAlive: { idle: second, interval: second / 2, probes: 3 } }
    const faults = [fault('power-loss', 'b', 100.3 * second, minute)]
    const told = story({ faults, options, client: () => {} })
    expect(told.at(-1)).toBe(`${101 * second + 200 + 1_500_000} a keep-alive 1`)
  })
})

describe('a peer that dies', () => {
  it('by a crash resets its connections at once, and what had arrived was read', () => {
    const faults = [fault('crash', 'b', second, second)]
    expect(story({ faults, client: (each) => say(each, 1) }).slice(2)).toEqual([
      '300 b got 1',
      `${second + 100} a reset 1`,
    ])
  })

  it('by loss of power leaves the connection half open: the idle peer notices nothing', () => {
    expect(story({ faults: [fault('power-loss', 'b', second, second)], client: () => {} })).toHaveLength(2)
  })

  it('by loss of power answers with a reset when it is back, to whoever sends', () => {
    const faults = [fault('power-loss', 'b', second, second)]
    expect(story({ faults, client: twice(3 * second) }).at(-1)).toBe(`${3 * second + 200} a reset 1`)
    // Sent while the power was gone: the third attempt, 0.2 + 0.4 + 0.8 s later, is answered.
    expect(story({ faults, client: twice(1_500_000) }).at(-1)).toBe(`${2_100_000 + 200} a reset 1`)
  })

  it('by loss of power right after an arrival is found out by the retransmission that nobody acknowledged', () => {
    const anchor = { fact: 'noted', at: 'b', values: { what: 'got', number: 2 }, nth: 1 }
    const faults = [fault('power-loss', 'b', { when: anchor, cut: 'after-state' }, second)]
    expect(story({ faults, client: twice(second) }).at(-1)).toMatch(/a reset 1$/)
  })

  it('in an orderly way says so behind what it sent', () => {
    const faults = [fault('restart', 'b', second, second)]
    const server = (connection: Connection<number>, process: Process): void =>
      process.onStop((done) => {
        say(connection, 9)
        done()
      })
    expect(story({ faults, server, client: () => {} }).slice(2)).toEqual([
      `${second + 100} a got 9`,
      `${second + 100} a closed 1`,
    ])
  })

  it('has its last words on the wire delivered, and nothing that had not left', () => {
    const client = (connection: Connection<number>, process: Process): void =>
      void process.setTimer(second, () => [1, 2, 3].forEach((number) => say(connection, number, 1000)))
    // A thousand bytes take a millisecond to leave.
    const faults = [fault('power-loss', 'a', second + 2500)]
    expect(story({ client, faults, bandwidth: 1_000_000 }).slice(2)).toEqual([
      `${second + 1100} b got 1`,
      `${second + 2100} b got 2`,
    ])
  })
})

describe('a reset by the network', () => {
  it('ends both sides, and what was in flight is lost', () => {
    const faults = [fault('reset-connections', 'a | b', 2 * second + 50)]
    expect(story({ faults, client: twice(2 * second) }).slice(3)).toEqual([
      `${2 * second + 50} a reset 1`,
      `${2 * second + 50} b reset 1`,
    ])
  })
})

describe('back-pressure', () => {
  const flood = (connection: Connection<number>): void => {
    for (let number = 1; number <= 6; number++) say(connection, number, 1000)
  }
  const slowly = (connection: Connection<number>, process: Process): void => {
    connection.pauseReading()
    process.setTimer(second, () => connection.resumeReading())
  }

  it('stalls the sender when the window of a receiver that does not read is full', () => {
    let unsent = 0
    const client = (connection: Connection<number>, process: Process): void => {
      flood(connection)
      process.setTimer(second / 2, () => (unsent = connection.unsentBytes))
    }
    const heard = story({ client, server: slowly, listening: { window: 2500 } })
    expect(unsent).toBe(3000)
    expect(heard.filter((note) => note.includes('got'))).toEqual([
      ...[1, 2, 3].map((number) => `${second + 300} b got ${number}`),
      ...[4, 5, 6].map((number) => `${second + 500} b got ${number}`),
    ])
  })

  it('stalls the sender of a paused process, too', () => {
    let unsent = 0
    const client = (connection: Connection<number>, process: Process): void => {
      process.setTimer(second, () => flood(connection))
      process.setTimer(2 * second, () => (unsent = connection.unsentBytes))
    }
    const faults = [fault('pause', 'b', second / 2, 2 * second)]
    const heard = story({ client, faults, listening: { window: 2500 } })
    expect(unsent).toBe(3000)
    expect(heard.map((note) => note.split(' ').at(-1)).slice(2)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it('does not hide the death of the receiver for ever: probes of the window find it', () => {
    const faults = [fault('power-loss', 'b', second, second)]
    const deaf = (connection: Connection<number>): void => connection.pauseReading()
    const heard = story({ client: flood, server: deaf, faults, lasts: 20 * second, listening: { window: 2500 } })
    expect(heard.at(-1)).toMatch(/a reset 1$/)
  })

  it('hands over what had arrived before it says that the connection is over', () => {
    const faults = [fault('crash', 'a', second / 2, second)]
    const heard = story({ client: (each) => say(each, 1), server: slowly, faults })
    expect(heard.slice(2)).toEqual([`${second + 300} b got 1`, `${second + 300} b reset 1`])
  })

  it('does not tell a receiver that does not read that the connection is over', () => {
    const faults = [fault('crash', 'a', second / 2, second)]
    expect(story({ client: () => {}, server: slowly, faults }).at(-1)).toBe(`${second + 300} b reset 1`)
  })

  it('that the receiver takes up again while reading leaves the rest for later', () => {
    const received = (connection: Connection<number>, number: number): void => {
      if (number === 2) connection.pauseReading()
    }
    expect(story({ client: flood, server: slowly, received }).at(-1)).toBe(`${second + 300} b got 2`)
  })
})

describe('bandwidth', () => {
  it('lets one thing leave after the other, however small', () => {
    const client = (connection: Connection<number>): void => {
      for (let number = 0; number < 1000; number++) say(connection, number, 1)
    }
    const heard = story({ client, bandwidth: 10_000_000 })
    // A tenth of a µs each: the last one leaves 100 µs after the first.
    expect(heard.at(-1)).toBe('400 b got 999')
  })
})
