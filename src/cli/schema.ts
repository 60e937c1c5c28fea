import { catalogue } from '../pipeline/catalogue.ts'
import { editorSchema } from '../scenario/scenario-schema.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { print } from './output.ts'

export const schemaCommand = defineCommand({
  words: 'schema',
  summary: 'Print the JSON Schema of a scenario',
  details:
    'Editors that know it complete keys and explain them. Put its address in the first line of a scenario:\n  # yaml-language-server: $schema=scenario.schema.json',
  positionals: {},
  options: {},
  examples: [['schema > scenario.schema.json', 'Save it beside the scenarios']],
  async perform() {
    print(JSON.stringify(editorSchema(catalogue), undefined, 2))
    return exitCodes.asExpected
  },
})
