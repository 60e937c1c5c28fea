import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, start, temporaryFolder } from './onceproof.ts'

needsBuild()
const folder = temporaryFolder()
const here = { cwd: folder }

describe('explain', () => {
  it.each([
    ['no-duplicates', /a guarantee\n {2}Nothing comes twice\./],
    ['power-loss', /a fault\n[^]*strikes: nodes or roles[^]*torn:[^]*lessons: /],
    ['acks', /an option of .*, of its producers\n[^]*takes: all, -1, 0, 1\n {2}default: all\n {2}documented at https:/],
    [
      'visibility-timeout',
      /queues\.\*\.visibility-timeout[^]*default: none[^]*00-the-tutorials\/02-process-then-acknowledge/,
    ],
    ['lock-granted', /a fact of the store lock\n[^]*known to: /],
    [
      'on-error',
      /services\.\*\.handling\.on-error {2}a key of a scenario\n[^]*takes: requeue, discard, swallow, crash\n {2}default: requeue/,
    ],
    ['effect-applied', /a fact\n {2}“\{consumer\} applied \{message\} to \{store\}”/],
  ])('says what %s is', (word, said) => {
    const { code, stdout } = onceproof(['explain', word], here)
    expect(code).toBe(0)
    expect(stdout).toMatch(said)
  })

  it('is completed by the shell, with the last part of a long name too', () => {
    const completed = (letters: string): string =>
      onceproof(['--get-yargs-completions', 'onceproof', 'explain', letters], here).stdout
    expect(completed('no-l')).toBe('no-loss\n')
    expect(completed('acknowledge').split('\n')).toContain('acknowledge')
    expect(completed('--')).toContain('--color')
  })

  it('refuses what has no such name, with the nearest one that has', () => {
    const { code, stderr } = onceproof(['explain', 'no-los', 'crash'], here)
    expect(code).toBe(64)
    expect(stderr).toBe('explain no-los: nothing has this name. Did you mean no-loss?\n')
  })

  it('says of a scenario how to see what it shows', () => {
    const { code, stderr } = onceproof(['explain', 'orders.yaml'], here)
    expect(code).toBe(64)
    expect(stderr).toBe(
      'explain orders.yaml: a scenario is not explained but run. Try: npx onceproof run orders.yaml\n',
    )
  })
})

describe('new', () => {
  it('writes a scenario that runs as it expects, without the lesson', () => {
    const { stdout } = onceproof(
      ['new', 'mine.yaml', '--like', '01-delivery/two-hops', '--messages', '30', '--title', 'Our orders'],
      here,
    )
    expect(stdout).toBe('onceproof run mine.yaml\n')
    const text = readFileSync(path.join(folder, 'mine.yaml'), 'utf8')
    expect(text).toMatch(/^title: Our orders\nseed: mine\n/)
    expect(text).not.toMatch(/predict|question|why/)
    const ran = onceproof(['run', 'mine.yaml', '--json', '--no-report'], here)
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.stdout).runs[0].metrics.services[0]).toMatchObject({ service: 'shop', sent: 30 })
  })

  it('overwrites nothing, and knows which template was meant', () => {
    writeFileSync(path.join(folder, 'there.yaml'), 'mine')
    expect(onceproof(['new', 'there.yaml'], here)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('there is such a file already'),
    })
    expect(readFileSync(path.join(folder, 'there.yaml'), 'utf8')).toBe('mine')
    expect(onceproof(['new', 'other.yaml', '--like', 'tow-hops'], here).stderr).toContain('two-hops')
    expect(onceproof(['new', 'other.yaml', '--messages', 'many'], here).stderr).toContain('expected a whole number')
  })
})

describe('run --watch', () => {
  it('runs again when the file changes, says what is wrong with it, and ends with Ctrl-C', async () => {
    onceproof(['new', 'watched.yaml', '--like', '01-delivery/at-least-once'], here)
    const file = path.join(folder, 'watched.yaml')
    const text = readFileSync(file, 'utf8')
    const program = start(['run', 'watched.yaml', '--watch', '--quiet', '--no-report'], here)
    let said = ''
    program.stdout?.on('data', (part) => (said += String(part)))
    program.stderr?.on('data', (part) => (said += String(part)))
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(said)) await new Promise((resolve) => setTimeout(resolve, 50))
      said = ''
    }
    await until(/as expected: .*watching/s)
    writeFileSync(file, text.replace('no-loss: holds', 'no-loss: violated'))
    await until(/NOT AS EXPECTED: .*watching/s)
    writeFileSync(file, 'title: 5\n')
    await until(/watched\.yaml:1:.*watching/s)
    writeFileSync(file, text)
    await until(/as expected: .*watching/s)
    program.kill('SIGINT')
    expect(await once(program, 'exit')).toEqual([0, null])
  })
})
