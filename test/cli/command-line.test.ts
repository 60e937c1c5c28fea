import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { commandLine } from '../../src/cli/command-line.ts'
import { root, temporaryFolder } from './onceproof.ts'

const folder = temporaryFolder()
const inFolder = (name: string): string => path.join(folder, name)
const lesson = path.join(root, 'scenarios/00-the-tutorials/02-process-then-acknowledge.yaml')

afterEach(() => vi.restoreAllMocks())

/** Does what the arguments ask in this process. */
async function asked(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text)
      return true
    })
  const log = vi.spyOn(console, 'log').mockImplementation((text) => void (written.stdout += `${String(text)}\n`))
  const code = await commandLine(args)
  log.mockRestore()
  vi.restoreAllMocks()
  return { code, ...written }
}

describe('help', () => {
  it('of completion is help, and no script', async () => {
    const { code, stdout } = await asked('completion', 'zsh', '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^onceproof completion \[shell\]\n\nPrint a script[^]*"bash", "zsh", "fish"[^]*Examples:/)
  })

  it('ends its first sentence once, and breaks its lines nowhere in the middle', async () => {
    const { stdout } = await asked('regress', '--help')
    expect(stdout).toContain('is anything red?\n')
    expect(stdout).toMatch(/waits for what no longer\s+happens\. With --on each case is run on/)
    const [, details = ''] = /\n(Cases are[^]*?)\n\n/.exec(stdout) ?? []
    const lines = details.split('\n').slice(0, -1)
    expect(lines.filter((line) => line.length < 70)).toEqual([])
  })
})

describe('lesson', () => {
  it('says which variant of the lesson would have prevented what broke', async () => {
    const { stdout } = await asked('lesson', lesson)
    expect(stdout).toMatch(/it holds: --variant\s+the-store-knows/)
  })

  it('asks for one variant where it is given them all', async () => {
    const { code, stderr } = await asked('lesson', lesson, '--variant', 'all')
    expect(code).toBe(64)
    expect(stderr).toMatch(/expected one scenario, found \d+\. Name one variant\.\n$/)
  })
})

describe('explain', () => {
  it.each([
    ['thresholds', /^thresholds {2}a key of a scenario\n {2}Bounds on figures\./],
    ['variants', /^variants {2}a key of a scenario\n {2}Changes under a name/],
    [
      'cut',
      /^faults\.\*\.cut {2}a key of a scenario\n.*\n {2}takes: before, after-state, after-step\n {2}default: after-step/,
    ],
    ['production-day', /^production-day {2}a profile of faults\n {2}A little of everything/],
  ])('knows %s', async (word, said) => {
    const { code, stdout } = await asked('explain', word)
    expect(code).toBe(0)
    expect(stdout).toMatch(said)
  })
})

describe('a queue that is missing', () => {
  it('is told together with why it was not taken from the definitions', async () => {
    const queue = { name: 'orders', vhost: '/', durable: true, arguments: { 'x-queue-type': 'quorum' } }
    writeFileSync(inFolder('definitions.json'), JSON.stringify({ queues: [queue] }))
    const scenario = `systems: { rabbit: { rabbitmq: { definitions: definitions.json } } }
services: { shop: { sends: rabbit/orders }, billing: { receives: rabbit/orders } }`
    writeFileSync(inFolder('rabbit.yaml'), scenario)
    const { code, stderr } = await asked('run', inFolder('rabbit.yaml'), '--no-report')
    expect(code).toBe(64)
    expect(stderr).toMatch(/definitions\.json: .*orders.*quorum/)
    expect(stderr).toContain('there is no queue orders')
  })
})

describe('a folder that may not be read', () => {
  mkdirSync(inFolder('closed'), { mode: 0 })

  it.skipIf(process.getuid?.() === 0).each([['run'], ['regress']])('is told as such by %s', async (command) => {
    const { code, stderr } = await asked(command, inFolder('closed'))
    expect(code).toBe(64)
    expect(stderr).toMatch(/closed: it cannot be read: permission denied\.\n$/)
  })
})

describe('what cannot be', () => {
  mkdirSync(inFolder('kept/orders'), { recursive: true })
  symlinkSync('round.yaml', inFolder('round.yaml'))
  writeFileSync(inFolder('kept/orders/case.yaml'), 'title: a case\n')
  writeFileSync(inFolder('check.yaml'), 'check: payments\nbreaks: exactly-once\nlevel: effect\n')
  const compare = ['compare', lesson, '--faults', 'calm', '--no-report']

  it.each([
    [
      'links that go round in a circle',
      ['run', inFolder('round.yaml')],
      /round\.yaml: it cannot be read: its links go round in a circle\.\n$/,
    ],
    ['a file without a name', ['run', ''], /^'': is no name of a file\.\n$/],
    [
      'a case of a check',
      ['run', inFolder('check.yaml')],
      /check\.yaml: is a kept case of a check, and no scenario\. The check itself/,
    ],
    [
      'a folder for a file of JUnit',
      ['run', lesson, '--junit', folder],
      /^--junit .*: it cannot be written: it is a folder/,
    ],
    [
      'a folder for a new scenario',
      ['new', `${folder}/mine/`],
      /mine\/: is no name of a file\. For example my-design\.yaml\.\n$/,
    ],
    ['a title without a word', ['new', inFolder('mine.yaml'), '--title', ''], /^--title: its value is empty\.\n$/],
    [
      'a folder above the cases',
      ['regress', inFolder('kept')],
      /kept: holds no case\. Below it there are scenarios in .*kept\/orders\.\n$/,
    ],
    [
      'a number with an exponent',
      ['estimate', lesson, '--faults', 'calm', '--runs', '1e9'],
      /^--runs 1e9: expected a whole number from 1 to 99/,
    ],
    [
      'a variant twice',
      [...compare, '--variant', 'no-faults', '--variant', 'no-faults'],
      /^--variant no-faults: is named twice\.\n$/,
    ],
    [
      'a value twice',
      [...compare, '--set', 'services.shop.sends.messages=5|5'],
      /^--set .*messages=5: is named twice\.\n$/,
    ],
    [
      'a value that is empty',
      [...compare, '--set', 'services.shop.sends.messages=50|'],
      /^--set .*messages: its value is empty\./,
    ],
    [
      'a folder for a decision record',
      [...compare, '--adr', folder, '--variant', 'no-faults'],
      /^--adr .*: it cannot be written: it is a folder/,
    ],
  ] as const)('%s: is refused before anything is done', async (_what, args, expected) => {
    const { code, stdout, stderr } = await asked(...args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toMatch(expected)
  })
})
