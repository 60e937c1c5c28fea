import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, root, temporaryFolder } from './onceproof.ts'

needsBuild()
const here = { cwd: temporaryFolder() }
const lesson = path.join(root, 'scenarios/00-the-tutorials/02-process-then-acknowledge.yaml')
const small = ['--workers', '1', '--no-report']
const experiment = ['--faults', 'crashes', '--runs', '2', ...small]
const search = ['--variant', 'no-faults', '--most', '1', ...small]
/** Nothing breaks it, so that nothing is made small, which takes longest. */
const findsNothing = ['--guarantee', 'no-invention']

/** Every command that prints a result; each finds the cases that the search before it has kept. */
const commands: readonly (readonly [string, ...string[]])[] = [
  ['run', lesson, '--no-report'],
  ['list', path.join(root, 'scenarios/01-delivery')],
  ['verify', lesson],
  ['explain', 'acks'],
  ['explore', lesson, ...search, '--runs', '4', '--corpus', 'cases'],
  ['regress', 'cases'],
  ['explore', lesson, ...search, ...findsNothing, '--runs', '2', '--shard', '1/2', '--corpus', 'shards'],
  ['merge', 'shards/shard-1-of-2/search.json', '--most', '1', ...small, '--corpus', 'merged'],
  ['sweep', lesson, ...search, ...findsNothing, '--corpus', 'swept', '--set', 'services.shop.sends.messages=1'],
  ['estimate', lesson, ...experiment],
  ['compare', lesson, '--variant', 'as-it-stands', '--variant', 'the-store-knows', ...experiment],
  ['matrix', 'strategies', '--strategy', 'inbox', '--point', 'F1', '--no-report'],
]

describe('what a command prints', () => {
  it.each(commands)('%s %s: with --json one object and nothing else, with --quiet a few lines', (...command) => {
    const asked = onceproof([...command, '--json'], here)
    const result: unknown = JSON.parse(asked.stdout)
    expect(result).toMatchObject({ schemaVersion: 1 })
    const { stdout, stderr, code } = onceproof([...command, '--quiet'], here)
    expect({ stderr, code }).toEqual({ stderr: '', code: asked.code })
    expect(stdout.trim().split('\n').length).toBeLessThanOrEqual(6)
  })

  it.each([
    [['explore', lesson, '--stop-at-first=maybe'], '--stop-at-first: expected true or false, found "maybe".\n'],
    [['explore', lesson, '--stopAtFirst=1'], '--stopAtFirst: expected true or false, found "1".\n'],
    [['run', lesson, '--no-quiet=yes'], '--no-quiet: expected true or false, found "yes".\n'],
    [['list', '--color='], '--color: expected true or false, found "".\n'],
    [['completion', 'tcsh'], 'completion tcsh: there is no script for this shell. There are bash, zsh, fish.\n'],
  ])('refuses a switch that is neither on nor off, and a shell that it does not know: %j', (args, said) => {
    expect(onceproof(args, here)).toEqual({ code: 64, stdout: '', stderr: said })
  })

  it('is a script for the shell that is named, whatever shell this is', () => {
    const script = (shell: string): string =>
      onceproof(['completion', shell], { ...here, env: { SHELL: '/bin/bash' } }).stdout
    expect(script('zsh')).toMatch(/^#compdef onceproof/)
    expect(script('bash')).toContain('complete -o')
    expect(script('fish')).toContain('complete -f -c onceproof')
  })
})
