import { isoTime, type Model } from 'ainative-code'
import type { Settings } from '../provider-spec.ts'
import { getJson } from './json.ts'

/** Lists the models of a server in the form of OpenAI's API. */
export async function* listOpenAi(
  url: string,
  headers: Record<string, string>,
  settings: Settings,
  signal: AbortSignal,
): AsyncIterable<Model> {
  const { data } = await getJson<{ data: { id: string; created?: number }[] }>(url, headers, settings, signal, 'data')
  for (const { id, created } of data) yield { id, created_at: Number.isSafeInteger(created) ? isoTime(Number(created) * 1000) : undefined }
}
