import { HttpFailure } from '../fetch.ts'
import type { Settings } from '../provider-spec.ts'

/** Gets a JSON object from a provider; throws an HttpFailure if its field `list` is not an array. */
export async function getJson<T>(
  url: string,
  headers: Record<string, string>,
  settings: Settings,
  signal: AbortSignal,
  list?: keyof T & string,
): Promise<T> {
  const response = await settings.fetch(url, { headers: { ...headers, ...settings.headers }, signal })
  const text = await response.text()
  const data: unknown = JSON.parse(text)
  if (typeof data === 'object' && data !== null && (list === undefined || Array.isArray(Reflect.get(data, list)))) return data as T
  throw new HttpFailure(response.status, response.headers, text)
}
