/** What it costs to make a stream of a name and to draw from it. */
import { Bench } from 'tinybench'
import { linkProfiles } from '../src/simulation/link-profile.ts'
import { drawFrom } from '../src/simulation/quantiles.ts'
import { Random } from '../src/simulation/random.ts'

const random = new Random('bench')
const stream = random.fork('stream')
let number = 0
let sum = 0

const times = 1000
const repeated = (once: () => void) => (): void => {
  for (let each = 0; each < times; each++) once()
}

const bench = new Bench({ time: 1000, warmupTime: 200 })
bench
  .add(
    'fork by name and first draw',
    repeated(() => void (sum += random.fork(`handling/order-${number++}`).next())),
  )
  .add(
    'next draw',
    repeated(() => void (sum += stream.next())),
  )
  .add(
    'a latency',
    repeated(() => void (sum += drawFrom(linkProfiles.lan.latency, stream))),
  )
await bench.run()

for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`The benchmark of ${name} failed.`)
  console.log(`${name.padEnd(30)} ${((result.latency.min * 1e6) / times).toFixed(0).padStart(5)} ns`)
}
if (Number.isNaN(sum)) throw new Error('A draw was not a number.')
