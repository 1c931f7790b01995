import type { Host, Json } from 'ainative-code'
import type { Plan } from './plan.ts'

/** Runs `work` with the settings as if they were in the config. If it succeeds, this process keeps using them. */
export async function withSettings<T>(host: Host, { provider, settings }: Plan, work: () => Promise<T>): Promise<T> {
  const { values } = host.config
  const before = values.llm
  const block = (before as Json | undefined)?.[provider.name] as Json | undefined
  values.llm = { ...(before as Json | undefined), [provider.name]: { ...block, ...settings } }
  try {
    return await work()
  } catch (error) {
    values.llm = before
    throw error
  }
}
