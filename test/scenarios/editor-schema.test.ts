import path from 'node:path'
import { expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { editorSchema } from '../../src/scenario/scenario-schema.ts'

/** After a change that is meant: `npx vitest run test/scenarios/editor-schema.test.ts --update` writes the schema again. */
it('scenario.schema.json, which editors use, is the schema as it is now', async () => {
  const schema = `${JSON.stringify(editorSchema(catalogue), null, 2)}\n`
  await expect(schema).toMatchFileSnapshot(path.resolve(import.meta.dirname, '../../scenario.schema.json'))
})
