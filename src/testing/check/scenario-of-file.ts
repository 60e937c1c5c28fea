import { readFileSync } from 'node:fs'
import path from 'node:path'
import { addressText, type SendsSpec, type ServiceSpec } from '../../application/service.ts'
import { planOf } from '../../pipeline/plan.ts'
import { buildWorld } from '../../pipeline/simulate.ts'
import { suggestionFor } from '../../scenario/suggestion.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { CheckScenario } from './check-scenario.ts'
import { CheckError } from './check-error.ts'
import { parsedScenario } from './parsed-scenario.ts'
import type { ReadCheck } from './read-check.ts'
import { storesOfApis } from '../dependencies/http/routes.ts'
import { sendingByItself } from './sends-of-check.ts'
import { kindAndOptions } from './stores-of-check.ts'
import type { ScenarioFile } from './systems/checked-system.ts'
import { sendingMessages } from './traced-messages.ts'

/**
 * The scenario of a file, in which the code under test takes the place of one of its services: systems, stores, other services, faults and variants
 * are those of the file. The messages of the check are sent by whoever sends to that service there.
 */
export function scenarioOfFile(check: ReadCheck, system: ScenarioFile, folder: string): CheckScenario {
  const refuse = (problem: string): never => {
    throw new CheckError(check.name, [problem])
  }
  const file = path.resolve(folder, system.file)
  const text = textOf(file) ?? refuse(`\`system\` names ${system.file}, which cannot be read`)
  if (check.sends.length > 0)
    refuse('`sends` is for systems of a check; what a service of a scenario file sends stands in the file')
  const parse = (faults?: readonly unknown[]): Scenario =>
    parsedScenario(check, text, path.dirname(file), {
      file: system.file,
      ...(faults === undefined ? { variant: system.variant } : { set: [`faults=${JSON.stringify(faults)}`] }),
    })
  const scenario = parse()
  const wrong = wrongStoresBeside(check, system.file, scenario.stores)
  if (wrong.length > 0) throw new CheckError(check.name, wrong)
  const schedule = 'name' in check.faults ? scenario.faults : parse(check.faults).faults
  const receivers = scenario.services.filter(({ receives }) => receives.length > 0).map(({ name }) => name)
  if (!receivers.includes(system.service))
    refuse(
      `${system.file} has no service \`${system.service}\` that receives. ${suggestionFor(system.service, receivers) ?? ''}`.trim(),
    )
  const [sender, sends] =
    senderTo(scenario, system.service) ?? refuse(`nobody in ${system.file} sends to ${system.service}`)
  const sending = sendingMessages(check, sender, sends)
  const services = scenario.services.map((spec) => {
    if (spec.name === sender.name) return sending.spec
    return spec.name === system.service ? underTest(check, spec) : spec
  })
  const { messages, ignored } = sending
  return { scenario: { ...scenario, services, faults: [] }, service: system.service, messages, ignored, schedule }
}

/** What a check says of stores that stand in the file: their schema and their clients. What they are, the file says. */
function wrongStoresBeside({ stores, apis }: ReadCheck, file: string, inFile: Scenario['stores']): readonly string[] {
  const known = Object.keys(inFile)
  const missing = storesOfApis(apis).filter((name) => inFile[name]?.kind !== 'http-api')
  return [
    ...Object.entries(stores).flatMap(([name, store]) => {
      const there = inFile[name]
      if (there === undefined) return [`${file} has no store \`${name}\`. ${suggestionFor(name, known) ?? ''}`.trim()]
      const [kind, options] = kindAndOptions(store)
      if (kind !== undefined && kind !== there.kind)
        return [`the store ${name} is of the kind ${there.kind} in ${file}, not ${kind}`]
      if (Object.keys(options).length === 0) return []
      return [
        `the options of the store ${name} stand in ${file}: beside it a check gives schema, effects, pool and client`,
      ]
    }),
    ...missing.map((name) => `${file} has no store for its APIs: add \`stores: { ${name}: { http-api: {} } }\``),
  ]
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Whoever sends what comes to the service, over one hop. */
function senderTo(scenario: Scenario, service: string): readonly [ServiceSpec, SendsSpec] | undefined {
  const { routes } = planOf(scenario, buildWorld(scenario).systems)
  for (const spec of scenario.services)
    for (const sends of spec.sends) if (routes[addressText(sends.to)]?.includes(service) === true) return [spec, sends]
  return undefined
}

/** What the code does by itself, nobody does for it. */
function underTest({ members, concurrency }: ReadCheck, spec: ServiceSpec): ServiceSpec {
  const handling: ServiceSpec['handling'] = {
    ...spec.handling,
    ...(concurrency === undefined ? {} : { concurrency }),
    effect: spec.handling.effect ?? 'done',
    fails: undefined,
  }
  return { ...sendingByItself(spec), handling, members: members ?? spec.members }
}
