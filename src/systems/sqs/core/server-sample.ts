import type { Random } from '../../../simulation/random.ts'

/** The weights by which short polls choose among the servers of a queue. */
export function serverWeights(servers: number, random: Random): readonly number[] {
  return Array.from({ length: servers }, (_, server) => random.fork(`weight/${server}`).between(2, 4))
}

/** Some of the servers, in the order in which they are asked, each as likely as its weight says. */
export function sampleServers(weights: readonly number[], count: number, random: Random): readonly number[] {
  const left = weights.map((weight, server) => ({ weight, server }))
  const sample: number[] = []
  while (sample.length < count && left.length > 0) {
    let ticket = random.below(left.reduce((sum, { weight }) => sum + weight, 0))
    let place = 0
    for (const [index, { weight }] of left.entries()) {
      place = index
      if (ticket < weight) break
      ticket -= weight
    }
    sample.push(...left.splice(place, 1).map(({ server }) => server))
  }
  return sample
}
