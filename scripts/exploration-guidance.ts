/**
 * `node scripts/run-typescript.mjs scripts/exploration-guidance.ts [NAME] [SEEDS] [RUNS] [BUG]`: how many runs it takes to meet planted bugs, with every run drawn
 * afresh and with guidance: the median over so many seeds, called NAME-0 and so on, each up to so many runs; with BUG only those whose name has these words. Prints the table of
 * docs/exploration.md.
 */
import { rareBugs } from '../test/exploration/rare-bugs.ts'
import { runsUntilFound } from '../test/exploration/runs-until-found.ts'

const [prefix = 'fresh', ...figures] = process.argv.slice(2)
const [seeds = 9, runs = 1500] = figures.slice(0, 2).map(Number)
const [, , words = ''] = figures

async function main(): Promise<void> {
  print(['planted bug', 'drawn afresh', 'guided', 'runs saved', 'not found in time'])
  print(['---', '--:', '--:', '--:', '---'])
  for (const { bug, product } of rareBugs.filter((one) => one.bug.includes(words))) {
    const afresh: number[] = []
    const guided: number[] = []
    for (let seed = 0; seed < seeds; seed++) {
      afresh.push(await runsUntilFound(product, `${prefix}-${seed}`, runs, 0))
      guided.push(await runsUntilFound(product, `${prefix}-${seed}`, runs, 1))
    }
    const [one, other] = [median(afresh), median(guided)]
    const missed = `${afresh.filter((count) => count > runs).length} and ${guided.filter((count) => count > runs).length} of ${seeds}`
    print([bug, String(one), String(other), `${Math.round((1 - other / one) * 100)} %`, missed])
  }
}

function median(counts: readonly number[]): number {
  return [...counts].sort((one, other) => one - other)[counts.length >> 1] ?? 0
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

await main()
