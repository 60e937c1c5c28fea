import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { needsBuild, onceproof, root, temporaryFolder } from './onceproof.ts'

needsBuild()
const folder = temporaryFolder()
const here = { cwd: folder }
const lesson = path.join(root, 'scenarios/01-delivery/exactly-once.yaml')

describe('lesson', () => {
  it('prints the question and, apart from it, the answer where there is no terminal', () => {
    const { stdout, code } = onceproof(['lesson', lesson], here)
    expect(code).toBe(0)
    const [question = '', answer = ''] = stdout.split('─'.repeat(58))
    expect(question).toContain('1. acknowledging earlier')
    expect(question).not.toContain('The answer')
    expect(answer).toContain('The answer: the store that holds the bills')
    expect(answer).toContain('Most say:   acknowledging later')
  })
})

describe('list', () => {
  it('shows the scenarios that come with the package, from any folder', () => {
    const { stdout, code } = onceproof(['list', '--json'], here)
    const { scenarios } = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(scenarios.length).toBeGreaterThanOrEqual(14)
    expect(scenarios.every((one: { title: string; question: string }) => one.title !== '' && one.question !== '')).toBe(
      true,
    )
  })

  it('shows a folder as a part of a course', () => {
    const { stdout } = onceproof(['list', path.join(root, 'scenarios/01-delivery')], { cwd: root })
    expect(stdout).toMatch(/^scenarios\/01-delivery\n/)
    expect(stdout).toMatch(
      /exactly-once\.yaml +Exactly once, where it counts\n +Can a queue deliver each order exactly once\?/,
    )
  })
})

describe('verify', () => {
  it('finds that two threads do the same', () => {
    const { stdout, code } = onceproof(['verify', lesson, '--variant', 'all'], here)
    expect(code).toBe(0)
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(3)
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^the same: .* [0-9a-f]{16}, \d+ events, twice$/)
  })
})

describe('schema', () => {
  it('is a JSON Schema with every part of a scenario', () => {
    const { stdout, code } = onceproof(['schema'], here)
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout).properties)).toEqual(
      expect.arrayContaining(['systems', 'services', 'faults', 'expect']),
    )
  })
})

describe('check', () => {
  it('judges a saved history as the run did', () => {
    const run = JSON.parse(onceproof(['run', lesson, '--json', '--report', 'saved'], here).stdout)
    const files = ['saved/history.jsonl', '--scenario', 'saved/scenario.yaml']
    const checked = onceproof(['check', ...files, '--json'], here)
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.stdout).runs[0].verdicts).toEqual(run.runs[0].verdicts)
    expect(onceproof(['check', ...files, '--quiet'], here).stdout).toMatch(/^as expected: /)
  })

  it('exits with 1 when the history is not what the scenario expects', () => {
    onceproof(['run', lesson, '--quiet', '--report', 'saved'], here)
    const { code } = onceproof(
      ['check', 'saved/history.jsonl', '--scenario', lesson, '--variant', 'the-store-decides'],
      here,
    )
    expect(code).toBe(1)
  })

  it('names every line that is no fact', () => {
    writeFileSync(
      path.join(folder, 'broken.jsonl'),
      '{"onceproof":"history","schemaVersion":1,"kinds":[]}\nnonsense\n{"kind":"unheard"}\n',
    )
    const { code, stderr } = onceproof(['check', 'broken.jsonl', '--scenario', lesson], here)
    expect(code).toBe(64)
    expect(stderr).toMatch(/broken\.jsonl:2:1: .*\n.*broken\.jsonl:3:1: /)
  })
})

describe('help', () => {
  it.each(['run', 'lesson', 'list', 'verify', 'check', 'schema'])('of %s has an example', (command) => {
    const { stdout, stderr, code } = onceproof([command, '--help'], here)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`onceproof ${command}`)
    expect(stdout).toContain('Examples:')
  })

  it('names every command and exit code', () => {
    const { stdout, code } = onceproof(['--help'], here)
    expect(code).toBe(0)
    for (const word of ['run', 'lesson', 'list', 'verify', 'check', 'schema', 'completion', '64', '70'])
      expect(stdout).toContain(word)
  })

  it('has the version of the package', () => {
    expect(onceproof(['--version'], here).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('teaches a shell to complete', () => {
    expect(onceproof(['completion'], here).stdout).toContain('onceproof')
    expect(onceproof(['--get-yargs-completions', 'onceproof', 'ver'], here).stdout).toContain('verify')
  })
})
