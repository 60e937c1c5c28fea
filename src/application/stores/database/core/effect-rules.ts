import type { Effect } from '../../store.ts'
import type { Row } from '../statement.ts'

/** Which rows are effects, by table: what a row that came, or that was changed, means for those on whose behalf it was; nothing for none. */
export interface EffectRules {
  inserted(table: string, row: Row, by: Effect | undefined): Effect | undefined
  updated(table: string, after: Row, before: Row, by: Effect | undefined): Effect | undefined
}

export const noEffects: EffectRules = { inserted: () => undefined, updated: () => undefined }
