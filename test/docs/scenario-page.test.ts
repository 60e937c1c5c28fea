import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const docs = path.resolve(import.meta.dirname, '../..')

/** The scenarios that a page shows, whole ones only. */
function scenariosOf(page: string): readonly string[] {
  const text = readFileSync(path.join(docs, page), 'utf8')
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, yaml = '']) => yaml)
    .filter((yaml) => yaml.startsWith('title:'))
}

describe.each(['docs/scenario.md', 'docs/idempotency.md', 'README.md'])('%s', (page) => {
  const scenarios = scenariosOf(page)

  it('shows scenarios', () => {
    expect(scenarios.length).toBeGreaterThan(0)
  })

  it.each(scenarios)('shows one that runs as it says: %#', (yaml) => {
    const parsed = parseScenario(yaml, catalogue)
    if (!parsed.ok) throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
    for (const variant of ['', ...parsed.variants.filter((name) => name !== 'no-faults')]) {
      const varied = parseScenario(yaml, catalogue, { variant })
      expect(varied.ok && run(varied.scenario).conclusion).toBe('as-expected')
    }
  })
})
