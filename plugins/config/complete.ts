import { type Candidate, completeSchema, configChecks, type Host } from 'ainative-code'
import type * as z from 'zod'
import { keyText, parseKey } from './key.ts'
import { valuesOf } from './value.ts'

/** The candidates for the key of a setting. */
export const settingNames = async (host: Host): Promise<Candidate[]> =>
  (await (await configChecks()).keyNames(host)).map((path) => ({ value: keyText(path) }))

/** The candidates for the value of a setting that start with a text, such as `true`. Empty if the setting has no fixed values. */
export async function settingValues(host: Host, key: string, text: string): Promise<Candidate[]> {
  const schema = (await (await configChecks()).schemaAt(host, parseKey(key))) as z.ZodType | undefined
  const candidates = schema ? await completeSchema(host, schema, text) : []
  const valid: Candidate[] = []
  for (const each of candidates) if ((await valuesOf(each.value)).some((value) => schema?.safeParse(value).success)) valid.push(each)
  return valid
}
