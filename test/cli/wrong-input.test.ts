import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { plannedSystems } from '../../src/systems/registry.ts'
import { needsBuild, onceproof, temporaryFolder } from './onceproof.ts'

needsBuild()
const folder = temporaryFolder()
const here = { cwd: folder }

const good = `
systems: { queue: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: queue/orders, messages: 5 } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms } }
variants: { calm: {} }
`
writeFileSync(path.join(folder, 'good.yaml'), good)
writeFileSync(path.join(folder, 'text.txt'), 'not a scenario')
mkdirSync(path.join(folder, 'empty'))
mkdirSync(path.join(folder, 'two'))
for (const name of ['one', 'other']) writeFileSync(path.join(folder, 'two', `${name}.yaml`), good)

/** Runs a scenario with this text; whatever is wrong with it must be said without a stack trace. */
function refused(text: string): string {
  writeFileSync(path.join(folder, 'bad.yaml'), text)
  return refusedCommand(['run', 'bad.yaml', '--no-report'])
}

function refusedCommand(args: readonly string[]): string {
  const { code, stdout, stderr } = onceproof(args, here)
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stderr).not.toContain('node_modules')
  return stderr
}

describe('a scenario that is wrong', () => {
  it.each<[string, string, RegExp]>([
    ['is no YAML', 'services: [', /^bad\.yaml:1:\d+: not YAML/],
    ['has an unknown key', good.replace('messages', 'mesages'), /^bad\.yaml:4:\d+ .*mesages.*Did you mean messages\?/],
    ['has a value of the wrong type', good.replace('messages: 5', 'messages: many'), /^bad\.yaml:4:\d+ .*whole number/],
    ['has a negative duration', good.replace('1ms', '-1ms'), /^bad\.yaml:5:\d+ .*takes/],
    [
      'strikes a node that is not there',
      `${good}faults:\n  - { at: 1s, crash: biling }\n`,
      /^bad\.yaml:8:\d+ .*biling.*Did you mean billing\?/,
    ],
    [
      'contradicts itself',
      good.replace('messages: 5', 'messages: 5, rate: 5/s, arrival: { poisson: 4/s }'),
      /^bad\.yaml:4:\d+ .*found both/,
    ],
    ...plannedSystems.map((planned): [string, string, RegExp] => [
      `uses a product that is only planned (${planned})`,
      good.replace('memory: { queues: { orders: {} } }', `${planned}: {}`),
      new RegExp(`^bad\\.yaml:2:\\d+ .*${planned}`),
    ]),
  ])('%s: is told where and what', (_what, text, expected) => {
    expect(refused(text)).toMatch(expected)
  })

  it('is told everything that is wrong at once', () => {
    const said = refused(good.replace('messages: 5', 'mesages: 5').replace('takes: 1ms', 'takes: -1ms, tekes: 2ms'))
    expect(said.trim().split('\n').length).toBeGreaterThanOrEqual(3)
  })
})

describe('arguments that are wrong', () => {
  it.each([
    [['rum', 'good.yaml'], /^rum: there is no such command\. Did you mean run\?/],
    [[], /a command is missing/],
    [['run'], /^onceproof run: what to work on is missing/],
    [['run', 'good.yaml', '--sed', '3'], /^--sed: .*Did you mean --seed\?/],
    [['run', 'good.yaml', '--seed'], /^--seed: its value is missing/],
    [['run', 'good.yaml', '--seed', '1', '--seed', '2'], /^--seed: was given 2 times/],
    [['run', 'good.yaml', '--reveal=perhaps'], /^--reveal: expected yes or no, found "perhaps"/],
    [['run', 'good.yaml', '--set', 'services'], /^--set services: expected path=value/],
    [['run', 'good.yaml', '--set', 'services.shop.sends.mesages=3'], /^--set .*Did you mean messages\?/],
    [['run', 'good.yaml', '--set', 'services.shop.sends.messages=-3', '--no-report'], /^--set .*messages/],
    [['run', 'good.yaml', '--variant', 'calmer'], /^good\.yaml --variant: .*Did you mean calm\?/],
    [['run', 'god.yaml'], /^god\.yaml: there is no such file or folder\. Did you mean good\.yaml\?/],
    [['run', 'empty'], /^empty: holds no scenario/],
    [['run', '*.json'], /^\*\.json: matches no scenario/],
    [['run', 'good.yaml', '--report', 'text.txt'], /^--report text\.txt: reports cannot be written there/],
    [['run', 'good.yaml', '--report', 'text.txt/below'], /^--report text\.txt\/below: reports cannot be written there/],
    [['run', 'good.yaml', '--trace-file', 'x'], /^--trace-file: onceproof run has no such option.*\n$/],
    [['lesson', 'good.yaml', '--no-report'], /^--no-report: onceproof lesson has no such option/],
    [['new', 'text.txt/new.yaml'], /^text\.txt\/new\.yaml: it cannot be written: there is a file/],
    [['matrix'], /^onceproof matrix: what to work on is missing/],
    [['matrix', 'idempotency'], /^<what>: expected strategies, found "idempotency"/],
    [
      ['matrix', 'strategies', '--reprot', 'x'],
      /^--reprot: onceproof matrix has no such option\. Did you mean --report\?/,
    ],
    [['merge', 'nothing.json'], /^nothing\.json: it cannot be read: there is no such file/],
    [['merge', 'text.txt'], /^text\.txt: expected a search that explore has saved/],
    [['merge', 'empty'], /^empty: it cannot be read: it is a folder/],
    [['regress', 'nothing'], /^nothing: there is no such folder/],
    [['explore', 'good.yaml', '--workers', '100000'], /^--workers 100000: expected a whole number from 1 to 256/],
    [['verify', 'nothing.yaml'], /^nothing\.yaml: there is no such file or folder/],
    [['lesson', 'nothing.yaml'], /^nothing\.yaml: there is no such file or folder/],
    [['lesson', 'good.yaml', 'good.yaml'], /^good\.yaml: onceproof lesson takes no further argument/],
    [['lesson', 'two'], /^two: expected one scenario, found 2\. Name one file\./],
    [['run', '-'], /^onceproof: what to work on is missing\./],
    [['list', 'nothing'], /^nothing: there is no such file or folder/],
    [['schema', 'more'], /^more: onceproof schema takes no further argument/],
    [['check', 'nothing.jsonl'], /^--scenario: onceproof check needs it/],
    [['check', 'nothing.jsonl', '--scenario', 'good.yaml'], /^nothing\.jsonl: it cannot be read/],
    [['check', 'text.txt', '--scenario', 'good.yaml'], /^text\.txt:1:1: /],
  ])('onceproof %s', (args, expected) => {
    expect(refusedCommand(args)).toMatch(expected)
  })

  it('of a file that turns out not to be writable are told as such, not as an error of the program', () => {
    const { code, stderr } = onceproof(['run', 'good.yaml', '--quiet', '--no-report', '--csv', 'text.txt/a.csv'], here)
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: 'text.txt/a.csv: it cannot be written: there is a file of that name, and a folder was expected.\n',
    })
  })

  it('may name any command that there is', () => {
    const commands = [...onceproof(['--help'], here).stdout.matchAll(/^ {2}onceproof ([a-z]+)(?= |$)/gm)]
    const { stderr } = onceproof(['xylophone'], here)
    const named = /Commands: (.*)\./.exec(stderr)?.[1]?.split(', ') ?? []
    expect(named.toSorted()).toEqual([...new Set(commands.map(([, name]) => name))].toSorted())
  })

  it('are told together with what is wrong in the files', () => {
    writeFileSync(path.join(folder, 'bad.yaml'), good.replace('messages', 'mesages'))
    const said = refusedCommand([
      'run',
      'god.yaml',
      'bad.yaml',
      'empty',
      '--set',
      'x',
      '--report',
      'text.txt',
      '--seed=',
    ])
    for (const part of ['god.yaml: ', 'bad.yaml:4:', 'empty: ', '--set x: ', '--report text.txt: ', '--seed: ']) {
      expect(said).toContain(part)
    }
  })
})
