import { describe, expect, it } from 'vitest'
import { banned, bans, codeAlone } from './architecture/banned-text.ts'
import { forbiddenImports } from './architecture/import-directions.ts'
import { listed, sourceFiles } from './architecture/source-files.ts'

const files = sourceFiles()

describe('import directions', () => {
  it('hold in every source file', () => {
    expect(listed(files.flatMap(forbiddenImports))).toEqual([])
  })

  it.each([
    ['src/history/history.ts', "import { engine } from '../simulation/engine.ts'"],
    ['src/simulation/node.ts', "import type { System } from '../systems/system.ts'"],
    ['src/systems/system.ts', "import { command } from '../cli/command.ts'"],
    ['src/systems/kafka/client.ts', "import { queue } from '../rabbitmq/queue.ts'"],
    ['src/application/consumer.ts', "import { registry } from '../systems/registry.ts'"],
    ['src/checks/no-loss.ts', "import { latency } from '../metrics/latency.ts'"],
    ['src/metrics/latency.ts', "import { random } from '../simulation/random.ts'"],
    ['src/scenario/parse.ts', "import { run } from '../run.ts'"],
    ['src/run.ts', "import { story } from './report/story.ts'"],
    ['src/report/text.ts', "import { parse } from '../scenario/parse.ts'"],
    ['src/exploration/shrink.ts', "import { command } from '../cli/command.ts'"],
    ['src/cli/main.ts', "import { run } from '../index.ts'"],
    ['src/testing/matchers.ts', "import { main } from '../cli/main.ts'"],
    ['src/checks/no-loss.ts', "import { noLoss } from '../../test/checks/no-loss.ts'"],
    ['src/helpers/sort.ts', "import { name } from '../history/names.ts'"],
    ['src/checks/no-loss.ts', "export { latency } from '../metrics/latency.ts'"],
    ['src/checks/no-loss.ts', "export * from '../metrics/latency.ts'"],
    ['src/checks/no-loss.ts', "const { latency } = await import('../metrics/latency.ts')"],
    ['src/checks/no-loss.ts', "type Latency = import('../metrics/latency.ts').Latency"],
    ['src/systems/memory/broker.ts', "import seedrandom from 'seedrandom'"],
    ['src/simulation/random.ts', "import fc from 'fast-check'"],
    ['src/report/text.ts', "import yargs from 'yargs/yargs'"],
    ['src/report/text.ts', "import { View } from 'vega'"],
    ['src/report/text.ts', "import chart from '@vendor/chart/line'"],
    ['src/report/text.ts', "import { readFileSync } from 'node:fs'"],
    ['src/exploration/crew.ts', "const { cpus } = require('os')"],
  ])('find a planted violation in %s: %s', (name, text) => {
    expect(forbiddenImports({ name, text: `\n${text}\n` })).toMatchObject([{ file: name, line: 2 }])
  })

  it.each([
    ['src/history/history.ts', "import { Names } from './names.ts'"],
    ['src/systems/registry.ts', "import { memory } from './memory/memory.ts'"],
    ['src/systems/memory/broker.ts', "import type { System } from '../system.ts'"],
    ['src/systems/kafka/nodes/broker.ts', "import { PartitionLog } from '../core/partition-log.ts'"],
    ['src/application/consumer.ts', "import type { System } from '../systems/system.ts'"],
    ['src/run.ts', "import { parse } from './scenario/parse.ts'"],
    ['src/report/text.ts', "import type { Run } from '../run.ts'"],
    ['src/report/charts/render.ts', "import { View } from 'vega'"],
    ['src/cli/main.ts', "import { readFileSync } from 'node:fs'"],
    ['src/testing/bridge/timers.ts', "import timers from 'node:timers'"],
    ['src/index.ts', "export { run } from './run.ts'"],
    ['src/checks/no-loss.ts', "// import { latency } from '../metrics/latency.ts'"],
  ])('let pass what is allowed in %s: %s', (name, text) => {
    expect(forbiddenImports({ name, text })).toEqual([])
  })
})

describe('banned text', () => {
  it.each(bans)('keeps $name out of the source', (ban) => {
    expect(listed(files.flatMap((file) => banned(ban, file)))).toEqual([])
  })

  it.each(bans)('finds planted $name', (ban) => {
    const { file, bad, good } = ban.sample
    expect(banned(ban, { name: file, text: `\n${bad}` })).toMatchObject([{ file, line: 2 }])
    expect(banned(ban, { name: file, text: good })).toEqual([])
  })

  it('is looked for in code without comments and strings, at its place', () => {
    const text = "/** a ** b */\nconst s = `c ** ${d ** 2}` + 'e ** f' // g ** h\nconst r = /i**'/ // '\n"
    const code = codeAlone({ name: 'src/sample.ts', text })
    expect(code.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      '',
      'const s = d ** 2 +',
      "const r = /i**'/",
      '',
    ])
    expect(code.indexOf('d ** 2')).toBe(text.indexOf('d ** 2'))
  })

  it.each(['1.2 ** n', 'x2 ** n', 'x **= 2', '2 ** 0.5', 'list[2] ** n'])(
    'counts %s as a power that engines round',
    (text) => {
      const powers = bans.filter(({ name }) => name.startsWith('powers'))
      expect(powers.flatMap((ban) => banned(ban, { name: 'src/checks/rate.ts', text }))).toHaveLength(1)
    },
  )
})

describe('names of source files', () => {
  const wellNamed = /^src\/([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.tsx?$/
  const shapeless = /(^|[/-])(utils?|helpers?|types?|common|misc|manager)(?=[/.-])/

  it('are in kebab-case and say what is inside', () => {
    expect(files.map(({ name }) => name).filter((name) => !wellNamed.test(name) || shapeless.test(name))).toEqual([])
  })

  it.each(['src/checks/noLoss.ts', 'src/checks/NoLoss.ts', 'src/checks/no_loss.ts'])('are not %s', (name) => {
    expect(name).not.toMatch(wellNamed)
  })

  it.each(['src/utils/sort.ts', 'src/report/text-helpers.ts', 'src/types.ts'])('are not %s', (name) => {
    expect(name).toMatch(shapeless)
  })
})
