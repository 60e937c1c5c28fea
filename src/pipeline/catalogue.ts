import { plannedStores, storeFacts, storeKinds } from '../application/stores/registry.ts'
import { strategies } from '../application/strategies/registry.ts'
import { checks } from '../checks/registry.ts'
import { neutralFacts } from '../history/facts.ts'
import { metricNames } from '../metrics/metrics.ts'
import type { Catalogue } from '../scenario/catalogue.ts'
import { faultKinds } from '../simulation/faults/registry.ts'
import { nemesisNames } from './draw-nemesis.ts'
import { plannedSystems, systemKinds } from '../systems/registry.ts'

/** Everything that there is to name in a scenario. */
export const catalogue: Catalogue = {
  kinds: systemKinds,
  planned: plannedSystems,
  stores: storeKinds,
  plannedStores,
  strategies,
  guarantees: checks.map(({ name }) => name),
  metrics: metricNames,
  faultKinds,
  facts: [...neutralFacts, ...storeFacts],
  nemeses: nemesisNames,
}
