import { type Candidate, completeSchema, configChecks, type Host } from 'ainative-code'
import type * as z from 'zod'
import { keyText, parseKey } from './key.ts'
import { valuesOf } from './value.ts'

/** All settings that can be named. */
export const settingNames = async (host: Host): Promise<Candidate[]> =>
  (await (await configChecks()).keyNames(host)).map((path) => ({ value: keyText(path) }))

/** The values of a setting that can be told, such as true and false, which begin with this text. */
export async function settingValues(host: Host, key: string, text: string): Promise<Candidate[]> {
  const schema = (await (await configChecks()).schemaAt(host, parseKey(key))) as z.ZodType | undefined
  const found = schema ? await completeSchema(host, schema, text) : []
  const kept: Candidate[] = []
  for (const each of found) if ((await valuesOf(each.value)).some((value) => schema?.safeParse(value).success)) kept.push(each)
  return kept
}
