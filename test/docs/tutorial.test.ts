import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { needsBuild, root, temporaryFolder } from '../cli/onceproof.ts'

needsBuild()
const folder = temporaryFolder()
/** Scenarios are named after their folder. */
const desk = path.join(folder, 'desk')
const page = path.join(root, 'docs/tutorial.md')

/** What `npm start` runs where nothing is said. */
const first = 'onceproof run scenarios/01-delivery/exactly-once.yaml'

/** Runs commands in a folder beside the scenarios, with `onceproof` as a command. */
class Shell {
  readonly #path: string
  #code = 0

  constructor() {
    const bin = path.join(folder, 'bin')
    mkdirSync(bin)
    mkdirSync(desk)
    symlinkSync(path.join(root, 'scenarios'), path.join(desk, 'scenarios'))
    const program = `#!/bin/sh\nexec "${process.execPath}" "${path.join(root, 'dist/cli.js')}" "$@"\n`
    writeFileSync(path.join(bin, 'onceproof'), program, { mode: 0o755 })
    this.#path = `${bin}:${process.env['PATH'] ?? ''}`
  }

  /** What a command prints on standard output. */
  run(command: string): string {
    if (command === 'echo $?') return `${this.#code}\n`
    const spelled = command.replace(/^npm start/, first)
    const { status, stdout } = spawnSync('sh', ['-c', spelled], {
      cwd: desk,
      env: { PATH: this.#path },
      encoding: 'utf8',
    })
    this.#code = status ?? -1
    return stdout
  }
}

/** After a change that is meant: `npx vitest run test/docs/tutorial.test.ts --update` writes down what the commands print now. */
it('the tutorial shows what its commands print', { timeout: 240_000 }, async () => {
  const shell = new Shell()
  const text = readFileSync(page, 'utf8').replaceAll(/```console\n([^]*?)```/g, (_, block: string) => {
    const commands = block.split('\n').filter((line) => line.startsWith('$ '))
    const shown = commands.map((command) => `${command}\n${shell.run(command.slice(2))}`)
    return `\`\`\`console\n${shown.join('')}\`\`\``
  })
  await expect(text).toMatchFileSnapshot(page)
})

it('the tutorial finds a duplicate, and in the end none', () => {
  const text = readFileSync(page, 'utf8')
  expect(text).toContain('→ With stores.ledger.ledger.unique: operation')
  expect(text).toMatch(/no-duplicates +effect +BROKEN/)
  expect(text).toMatch(/no-duplicates +effect +holds/)
  expect([...text.matchAll(/\$ echo \$\?\n(\d+)/g)].map(([, code]) => code)).toEqual(['1', '0'])
})
