import type { Field } from './command-fields.ts'

/** The fields of each shipped command whose input is a function. The build puts them here; the sources have none. */
export const builtFields = (): Record<string, Field[]> => ({})
