import { expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'

/** A run finds a kind of fact by its name, and may have several products and stores in it. */
it('no two kinds of facts have the same name, whoever records them', () => {
  const names = [...catalogue.facts, ...catalogue.kinds.flatMap((kind) => kind.facts)].map(({ name }) => name)
  expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([])
})
