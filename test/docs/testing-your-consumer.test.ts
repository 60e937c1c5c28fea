import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { needsBuild, root, temporaryFolder } from '../cli/onceproof.ts'
import { installPackage } from '../packaging/installed-package.ts'

needsBuild()
const folder = temporaryFolder()
const desk = path.join(folder, 'desk')
const page = path.join(root, 'docs/testing-your-consumer.md')
beforeAll(() => installPackage(folder), 60_000)

/** After a change that is meant: `npx vitest run test/docs/testing-your-consumer.test.ts --update` writes down what is printed now. */
it('the guide shows what its commands print, with its files as they are by then', { timeout: 120_000 }, async () => {
  mkdirSync(desk)
  writeFileSync(path.join(desk, 'package.json'), '{ "type": "module" }\n')
  const text = readFileSync(page, 'utf8').replaceAll(
    /```(js|console)\n([^]*?)```/g,
    (block: string, kind: string, inside: string) => (kind === 'js' ? written(block, inside) : shown(inside)),
  )
  await expect(text).toMatchFileSnapshot(page)
})

it('the guide is red first, and green in the end', () => {
  const text = readFileSync(page, 'utf8')
  expect(text).toContain('exactly-once does not hold')
  expect(text).toMatch(/payments: exactly-once held in \d+ runs/)
})

/** A block of code begins with the name of its file. */
function written(block: string, code: string): string {
  const name = /^\/\/ (\S+)\n/.exec(code)?.[1]
  if (name === undefined) throw new Error(`A block of code has no name:\n${code}`)
  writeFileSync(path.join(desk, name), code)
  return block
}

function shown(inside: string): string {
  const commands = inside.split('\n').filter((line) => line.startsWith('$ '))
  const all = commands.map((command) => `${command}\n${printed(command.slice(2))}`)
  return `\`\`\`console\n${all.join('')}\`\`\``
}

function printed(command: string): string {
  const { PATH = '' } = process.env
  return spawnSync('sh', ['-c', command], { cwd: desk, env: { PATH }, encoding: 'utf8' }).stdout
}
