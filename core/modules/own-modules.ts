import { ownRequire } from './own-require.ts'

/** The modules of this package that users' code can import. */
const OWN: readonly string[] = ['ainative-code', 'ainative-code/testing']

/** True for a module of this package. */
export const isOwnModule = (id: string) => OWN.includes(id)

/** Loads a module of this package: the running core, or another entry beside it. */
export const loadOwnModule = (id: string, core: object): unknown => (id === 'ainative-code' ? core : ownRequire()(id))
