import type { Settings } from '../shipped.ts'

/** Gets JSON from a provider. */
export async function getJson<T>(url: string, headers: Record<string, string>, settings: Settings, signal: AbortSignal): Promise<T> {
  const response = await settings.fetch(url, { headers: { ...headers, ...settings.headers }, signal })
  return (await response.json()) as T
}
