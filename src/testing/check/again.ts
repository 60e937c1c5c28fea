import path from 'node:path'

/** The command that runs one kept case alone, for the test runner that runs now. */
export function againCommand(
  caseFile: string,
  testFile: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const run = environment['VITEST'] === undefined ? otherRunner(environment) : 'npx vitest run'
  return `ONCEPROOF_REPLAY=${near(caseFile)} ${run} ${near(testFile)}`.trimEnd()
}

function otherRunner(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment['JEST_WORKER_ID'] !== undefined) return 'npx jest'
  if (environment['NODE_TEST_CONTEXT'] !== undefined) return 'node --test'
  return process.argv[1]?.includes('mocha') === true ? 'npx mocha' : 'node'
}

/** As it is written from here. */
function near(file: string): string {
  return file === '' ? '' : quoted(path.relative(process.cwd(), file))
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`
}
