import type { Field } from './argv.ts'

/** The fields of each shipped command whose input is a function. The build puts them here; the sources have none. */
export const builtFields = (): Record<string, Field[]> => ({})
