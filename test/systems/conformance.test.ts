import { describe, expect, it } from 'vitest'
import { systemKinds } from '../../src/systems/registry.ts'
import { canaries } from './broken-products.ts'
import type { Rule, Subject } from './conformance.ts'
import { rules } from './conformance.ts'
import { subjects } from './subjects.ts'

describe.each(subjects)('$title', (subject) => {
  const kept = rules.filter(({ title }) => subject.exceptions[title] === undefined)
  const broken = rules.filter(({ title }) => subject.exceptions[title] !== undefined)

  it.each(kept)('$title', (rule) => expectKept(rule, subject))

  // An exception that is none any more has to go.
  it.each(broken)('is an exception, for a reason: $title', (rule) => {
    expect(subject.exceptions[rule.title]).toMatch(/\w+ \w+/)
    expect(() => rule.check(subject)).toThrow(/expected/)
  })

  it('names only rules that there are in its exceptions', () => {
    const titles = rules.map(({ title }) => title)
    expect(Object.keys(subject.exceptions).filter((title) => !titles.includes(title))).toEqual([])
  })
})

describe('The rules', () => {
  const sound = subjects.find(({ title }) => title === 'a leasing queue')

  it.each(canaries)('catch a product that $bug', ({ rule, kind }) => {
    const found = rules.find(({ title }) => title === rule)
    if (sound === undefined || found === undefined) throw new Error(`There is no rule "${rule}" or nothing to break.`)
    expect(() => found.check({ ...sound, kind })).toThrow(/expected/)
  })

  it('are caught failing at least once, each of them', () => {
    const caught = canaries.map(({ rule }) => rule)
    expect(rules.filter(({ title }) => !caught.includes(title)).map(({ title }) => title)).toEqual([])
  })
})

describe('The list of subjects', () => {
  it('holds every product of the registry against the rules', () => {
    expect(systemKinds.filter((kind) => !subjects.some((subject) => subject.kind === kind))).toEqual([])
  })
})

function expectKept(rule: Rule, subject: Subject): void {
  rule.check(subject)
}
