import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, temporaryFolder } from './onceproof.ts'

needsBuild()

const planted = 'hunter2-planted-secret'

const scenario = `
title: With credentials in it
systems:
  queue: { memory: { password: ${planted}, queues: { orders: {} } } }
services:
  shop: { sends: { to: queue/orders, trace: orders.jsonl }, producer: { 'sasl.jaas.config': 'password="${planted}"' } }
  billing: { receives: { from: queue/orders }, handling: { effect: billed } }
variants:
  other:
    services: { shop: { producer: { 'ssl.key.password': ${planted} } } }
`

const trace = [
  {
    time: '0ms',
    key: 'a',
    type: 'order',
    body: { total: 5, password: planted, note: `https://user:${planted}@bank.example/` },
  },
  { time: '10ms', key: 'b', type: 'order', body: `{"authorization": "Bearer ${planted}"}` },
]

describe('credentials in a scenario and its trace', () => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'secret.yaml')
  writeFileSync(file, scenario)
  writeFileSync(path.join(folder, 'orders.jsonl'), trace.map((message) => JSON.stringify(message)).join('\n'))

  const commands: readonly (readonly string[])[] = [
    ['run', file, '--report', path.join(folder, 'report')],
    ['run', file, '--report', path.join(folder, 'report-of-variant'), '--variant', 'other'],
    ['run', file, '--json', '--no-report'],
    ['run', file, '--report', path.join(folder, 'report-of-set'), '--set', `systems.queue.memory.password=${planted}`],
    ['run', file, '--no-report', '--set', `nonsense.password=${planted}`],
    ['verify', file],
    ['lesson', file],
    ['list', folder],
  ]

  it.each(commands)('appear in nothing that `onceproof %s` prints or writes', (...command) => {
    const { stdout, stderr } = onceproof(command, { cwd: folder })
    expect(stdout + stderr).not.toBe('')
    expect(stdout).not.toContain(planted)
    expect(stderr).not.toContain(planted)
    const written = filesBelow(folder).filter((name) => name !== file && !name.endsWith('orders.jsonl'))
    for (const name of written) expect(readFileSync(name, 'utf8')).not.toContain(planted)
  })

  it('are handled, and reports are written, in spite of it', () => {
    const { code } = onceproof(['run', file, '--report', path.join(folder, 'report')], { cwd: folder })
    expect(code).toBe(0)
    const history = readFileSync(path.join(folder, 'report/history.jsonl'), 'utf8')
    expect(history).toContain('effect-applied')
  })
})

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name).isFile())
}
