import { crashAtEveryOperation } from './crash-at-every-operation.ts'
import { crashesAndRedelivery } from './crashes-and-redelivery.ts'
import type { FaultPlan } from './plan.ts'
import { productionDay } from './production-day.ts'

/** Every fault plan, in the order in which documents list them. */
export const faultPlans: readonly FaultPlan[] = [productionDay, crashesAndRedelivery, crashAtEveryOperation]
