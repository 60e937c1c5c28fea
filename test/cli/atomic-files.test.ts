import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { writeAtomically } from '../../src/cli/atomic-files.ts'
import { temporaryFolder } from './onceproof.ts'

const folder = temporaryFolder()

it('files of a report appear all at once', async () => {
  const target = path.join(folder, 'whole')
  function* lines() {
    yield 'one\n'
    // The first file is written by now, and nobody sees it.
    expect(readdirSync(target).filter((name) => !name.startsWith('.'))).toEqual([])
    yield 'two\n'
  }
  await writeAtomically(target, [
    { name: 'first.txt', content: 'first' },
    { name: 'second.txt', content: lines() },
  ])
  expect(readdirSync(target).sort()).toEqual(['first.txt', 'second.txt'])
  expect(readFileSync(path.join(target, 'second.txt'), 'utf8')).toBe('one\ntwo\n')
})

it('a report that fails half-way leaves the old one as it was', async () => {
  const target = path.join(folder, 'half')
  await writeAtomically(target, [{ name: 'page.html', content: 'old' }])
  function* broken() {
    yield 'half of the new one'
    throw new Error('no more')
  }
  const files = [
    { name: 'page.html', content: 'new' },
    { name: 'history.jsonl', content: broken() },
  ]
  await expect(writeAtomically(target, files)).rejects.toThrow('no more')
  expect(readdirSync(target)).toEqual(['page.html'])
  expect(readFileSync(path.join(target, 'page.html'), 'utf8')).toBe('old')
  expect(existsSync(path.join(target, 'history.jsonl'))).toBe(false)
})
