import { parsed } from '../../src/exploration/shrink/shorter-file.ts'
import type { Counterexample } from '../../src/exploration/shrink/shrink.ts'
import { breaks, shows, type ShrinkTarget } from '../../src/exploration/shrink/target.ts'
import { run } from '../../src/run.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

/**
 * What could be left out of a counterexample, a sentence each, found out from its file alone: a fault without which it breaks as well, a message less with which it
 * still shows. Also what it does not show at all.
 */
export function leftOver({ text, service, guarantee, level }: Counterexample): readonly string[] {
  const scenario = parsed(text, 'case')
  if (scenario === undefined) return ['its file cannot be read']
  const target: ShrinkTarget = { service, guarantee, level, symptom: undefined }
  const whole = run(scenario)
  if (!shows(whole, target) || whole.conclusion !== 'not-as-expected') return ['its file does not show it']
  const faults = scenario.faults.flatMap((fault, place) => {
    const without = run({ ...scenario, faults: scenario.faults.toSpliced(place, 1) })
    return breaks(without, target) ? [`it breaks without its ${fault.action} of ${fault.targets.join(' and ')}`] : []
  })
  const messages = withOneLess(scenario).flatMap(({ name, less }) =>
    shows(run(less), target) ? [`it shows with one ${name} less`] : [],
  )
  return [...faults, ...messages]
}

/** The scenario with one message less, for each thing that is sent. */
function withOneLess(scenario: Scenario): readonly { readonly name: string; readonly less: Scenario }[] {
  return scenario.services.flatMap((service, at) =>
    service.sends.flatMap((spec, place) => {
      const { workload, name } = spec
      if (workload.kind !== 'synthetic' || workload.messages === 1) return []
      const messages = workload.messages - 1
      const sends = service.sends.with(place, { ...spec, workload: { ...workload, messages } })
      return [{ name, less: { ...scenario, services: scenario.services.with(at, { ...service, sends }) } }]
    }),
  )
}
