import type { Named } from './registry.ts'

/** A source of models, by the name that sessions carry. */
export interface Provider extends Named {
  models?: string[]
}
