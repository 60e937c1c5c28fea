import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { editorSchema, scenarioSchema } from '../../src/scenario/scenario-schema.ts'
import { recordOf } from '../../src/scenario/record.ts'
import { fakeCatalogue, simple } from './fake-catalogue.ts'

const folder = path.resolve(import.meta.dirname, '../../scenarios')

const lessons = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()

describe('the JSON Schema of a scenario', () => {
  const validator = (schema: object): z.ZodType => z.fromJSONSchema({ ...schema })
  const fake = validator(scenarioSchema(fakeCatalogue))
  const real = validator(scenarioSchema(catalogue))
  const forEditors = validator(editorSchema(catalogue))
  const accepts = (schema: z.ZodType, document: unknown): boolean => schema.safeParse(document).success

  it('accepts a scenario', () => {
    expect(accepts(fake, parseYaml(simple))).toBe(true)
  })

  it.each([
    ['messages: 50', 'mesages: 50'],
    ['crash: billing', 'crsh: billing'],
    ['no-loss: holds', 'no-los: holds'],
    ['no-loss: holds', 'no-loss: broken'],
    ['{ toy: {', '{ toi: {'],
    ['orders: {}', 'orders: { atempts: 3 }'],
    ['messages: 50', 'producer: { confrm: true }'],
  ])('marks %s → %s', (from, to) => {
    expect(accepts(fake, parseYaml(simple.replace(from, to)))).toBe(false)
  })

  it.each(lessons)('accepts the lesson %s', (file) => {
    expect(accepts(real, parseYaml(readFileSync(path.join(folder, file), 'utf8')))).toBe(true)
  })

  it.each(lessons)('accepts the lesson %s in the form for editors', (file) => {
    expect(accepts(forEditors, parseYaml(readFileSync(path.join(folder, file), 'utf8')))).toBe(true)
  })

  it('explains options and names their defaults', () => {
    const text = JSON.stringify(scenarioSchema(fakeCatalogue))
    for (const said of [
      'Queues by name.',
      'Waits for an answer.',
      '"default":3',
      'How many answer.',
      'The process dies.',
    ])
      expect(text).toContain(said)
  })

  it('is plain JSON, and the same each time', () => {
    const schema = scenarioSchema(fakeCatalogue)
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(scenarioSchema({ ...fakeCatalogue })).toEqual(schema)
    expect(Object.keys(recordOf(recordOf(schema)['properties']))).toContain('variants')
  })
})
