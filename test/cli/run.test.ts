import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, start, temporaryFolder } from './onceproof.ts'

needsBuild()
const folder = temporaryFolder()

const plain = `
title: A queue
question: Does it arrive?
predict: { ask: Does every order arrive?, choices: [certainly, hardly], usual: hardly, answer: certainly }
why: Nothing went wrong.
seed: "007"
systems: { queue: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: queue/orders, messages: 20, rate: 100/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms, effect: billed } }
expect: { billing: { no-loss: holds } }
variants:
  wrong: { expect: { billing: { no-loss: violated } } }
`

function write(name: string, text: string): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
  return name
}

write('course/plain.yaml', plain)
write('course/deep/second.yml', plain.replace('A queue', 'Another queue'))
const crash = (when: string): string => `${plain}faults: [{ ${when}, crash: billing, for: 1s }]\n`
write('crash.yaml', crash('at: 50ms'))
write('stale.yaml', crash('when: { fact: handling-failed }'))

const here = { cwd: folder }

describe('run', () => {
  it('prints verdicts first, then why, figures and the command that runs it again; times go to standard error', () => {
    const { code, stdout, stderr } = onceproof(['run', 'course/plain.yaml', '--no-report'], here)
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toMatch(/billing +no-loss +delivery +holds, as expected/)
    expect(stdout).toContain('again: npx onceproof run course/plain.yaml --seed 007')
    expect(stdout).not.toMatch(/ in \d+ ms/)
    expect(stderr).toMatch(/course\/plain: \d+ events in \d+ ms/)
  })

  it('says the same every time', () => {
    const [one, other] = [1, 2].map(() => onceproof(['run', 'course', '--no-report'], here).stdout)
    expect(one).toBe(other)
  })

  it('prints one JSON object and nothing else with --json', () => {
    const { code, stdout } = onceproof(['run', 'course', '--json', '--no-report'], here)
    const report = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(Object.keys(report)).toEqual(['schemaVersion', 'runs', 'asExpected'])
    expect(report.asExpected).toBe(true)
    expect(report.runs).toHaveLength(2)
    expect(Object.keys(report.runs[0])).toEqual([
      'scenario',
      'variant',
      'seed',
      'fingerprint',
      'events',
      'simulatedMs',
      'verdicts',
      'metrics',
      'stories',
      'asExpected',
    ])
    expect(report.runs[0]).toMatchObject({ scenario: 'deep/second', seed: '007', variant: '' })
  })

  it('exits with 1 when an expectation is not met, and says so with --quiet in one line', () => {
    const { code, stdout, stderr } = onceproof(
      ['run', 'course/plain.yaml', '--variant', 'wrong', '--quiet', '--no-report'],
      here,
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^NOT AS EXPECTED: course\/plain \[wrong\] \(seed 007\): .*\n$/)
  })

  it('exits with 2 when a fault never struck', () => {
    expect(onceproof(['run', 'stale.yaml', '--no-report'], here).code).toBe(2)
  })

  it('runs every variant, the one without faults too, with --variant all', () => {
    const { stdout, code } = onceproof(['run', 'crash.yaml', '--variant', 'all', '--json', '--no-report'], here)
    const variants = JSON.parse(stdout).runs.map((run: { variant: string }) => run.variant)
    expect({ variants, code }).toEqual({ variants: ['', 'wrong', 'no-faults'], code: 1 })
  })

  it('takes a glob, and each file once', () => {
    const { stdout } = onceproof(['run', 'course/**/*.y*ml', 'course/plain.yaml', '--json', '--no-report'], here)
    expect(JSON.parse(stdout).runs).toHaveLength(2)
  })

  it('keeps the zeros of a seed, and runs another one with --seed', () => {
    const seeds = [[], ['--seed', '0008'], ['--seed=8']].map((given) => {
      const { stdout } = onceproof(['run', 'course/plain.yaml', '--json', '--no-report', ...given], here)
      const { seed, fingerprint } = JSON.parse(stdout).runs[0]
      return [seed, fingerprint]
    })
    expect(seeds.map(([seed]) => seed)).toEqual(['007', '0008', '8'])
    expect(new Set(seeds.map(([, fingerprint]) => fingerprint)).size).toBe(3)
  })

  it('changes values with --set, each checked like any other', () => {
    const set = ['--set', 'services.shop.sends.messages=5', '--set', 'title=Few']
    const { stdout } = onceproof(['run', 'course/plain.yaml', ...set, '--no-report'], here)
    expect(stdout).toContain('sent 5, 5 confirmed')
    expect(stdout).toContain('--set services.shop.sends.messages=5 --set title=Few --seed 007')
  })

  it('asks instead of answering with --reveal=no', () => {
    const { stdout } = onceproof(['run', 'course/plain.yaml', '--reveal=no', '--no-report'], here)
    expect(stdout).toContain('1. certainly')
    expect(stdout).not.toMatch(/holds|Nothing went wrong|The answer/)
  })
})

describe('colours', () => {
  const colours = (args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean =>
    onceproof(['run', 'course/plain.yaml', '--no-report', ...args], { ...here, env }).stdout.includes('\u001B[')

  it('are absent where there is no terminal, unless somebody asks for them', () => {
    expect(colours([])).toBe(false)
    expect(colours(['--color'])).toBe(true)
    expect(colours([], { FORCE_COLOR: '1' })).toBe(true)
    expect(colours(['--no-color'], { FORCE_COLOR: '1' })).toBe(false)
    expect(colours([], { NO_COLOR: '1' })).toBe(false)
  })
})

describe('reports', () => {
  it('of one scenario are a page, charts, the history and a scenario that runs the same again', () => {
    const first = onceproof(
      ['run', 'course/plain.yaml', '--json', '--set', 'services.shop.sends.messages=7', '--seed', '0009'],
      here,
    )
    const report = path.join(folder, 'reports/course/plain')
    expect(readdirSync(report).sort()).toEqual([
      'availability.svg',
      'backlog.svg',
      'diagram.svg',
      'history.jsonl',
      'index.html',
      'latency-distribution.svg',
      'latency.svg',
      'scenario.yaml',
      'throughput.svg',
      'unseen.svg',
    ])
    expect(first.stderr).toContain(`report: ${path.join('reports/course/plain/index.html')}`)
    const again = onceproof(['run', 'reports/course/plain/scenario.yaml', '--json', '--no-report'], here)
    expect(JSON.parse(again.stdout).runs[0].fingerprint).toBe(JSON.parse(first.stdout).runs[0].fingerprint)
  })

  it('of a variant hold a scenario that is the variant', () => {
    const [variant, again] = [
      ['crash.yaml', '--variant', 'no-faults', '--report', 'calm'],
      ['calm/scenario.yaml', '--no-report'],
    ].map((args) => JSON.parse(onceproof(['run', ...args, '--json'], here).stdout).runs[0].fingerprint)
    expect(again).toBe(variant)
  })

  it('are where the link latest points', () => {
    onceproof(['run', 'course/plain.yaml'], here)
    expect(lstatSync(path.join(folder, 'reports/latest')).isSymbolicLink()).toBe(true)
    expect(existsSync(path.join(folder, 'reports/latest/index.html'))).toBe(true)
  })

  it('of several scenarios have a page in front of them', () => {
    onceproof(['run', 'course', '--report', 'several'], here)
    const index = readFileSync(path.join(folder, 'several/index.html'), 'utf8')
    expect(index).toContain('href="deep/second/index.html"')
    expect(index).toContain('2 of 2 came out as their scenarios expect')
    expect(existsSync(path.join(folder, 'several/course/plain/history.jsonl'))).toBe(true)
  })

  it('are not written with --no-report', () => {
    const empty = path.join(folder, 'elsewhere')
    mkdirSync(empty)
    onceproof(['run', '../course', '--no-report'], { cwd: empty })
    expect(readdirSync(empty)).toEqual([])
  })

  it('leave nothing unfinished behind, and leave alone what is not theirs', () => {
    mkdirSync(path.join(folder, 'mine'))
    writeFileSync(path.join(folder, 'mine/notes.txt'), 'mine')
    onceproof(['run', 'course/plain.yaml', '--report', 'mine'], here)
    const names = readdirSync(path.join(folder, 'mine'))
    expect(names).toContain('notes.txt')
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('hold no half-written file when the run is interrupted', async () => {
    const long = write('long.yaml', plain.replace('messages: 20', 'messages: 200000').replace('100/s', '1000/s'))
    const child = start(['run', long, '--report', 'interrupted'], here)
    await new Promise((resolve) => setTimeout(resolve, 700))
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(existsSync(path.join(folder, 'interrupted')) ? readdirSync(path.join(folder, 'interrupted')) : []).toEqual(
      [],
    )
  })

  it('and everything else are free of credentials', () => {
    const secret = 'hunter2-hunter2'
    const file = write(
      'secret.yaml',
      `${plain}`
        .replace('messages: 20', 'trace: trace.csv')
        .replace(', rate: 100/s', '')
        .replace('orders: {}', `orders: {}, password: ${secret}`),
    )
    write('trace.csv', `time,key,body\n0.1,a,"{""password"": ""${secret}""}"\n0.2,b,ok\n`)
    const { stdout, stderr } = onceproof(['run', file, '--report', 'secrets', '--json'], here)
    const files = existsSync(path.join(folder, 'secrets')) ? readdirSync(path.join(folder, 'secrets')) : []
    const all = [stdout, stderr, ...files.map((name) => readFileSync(path.join(folder, 'secrets', name), 'utf8'))]
    expect(files).toContain('scenario.yaml')
    expect(all.filter((text) => text.includes(secret))).toEqual([])
    expect(stderr).toContain('left out what looks like a credential')
  })
})

describe('a reader that goes away', () => {
  it('is no error', async () => {
    const child = start(['run', 'course', '--no-report'], here)
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += String(text)))
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(stderr).not.toMatch(/EPIPE|error/i)
  })
})

describe('a disk that is full', () => {
  it.skipIf(!existsSync('/dev/full'))('is told as such where what is printed goes there', () => {
    const full = openSync('/dev/full', 'w')
    const { code, stderr } = onceproof(['schema'], { ...here, stdout: full })
    closeSync(full)
    expect({ code, stderr }).toEqual({ code: 64, stderr: 'what is printed cannot be written: no space is left.\n' })
  })
})
