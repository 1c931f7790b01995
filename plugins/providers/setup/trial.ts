import type { Host, Json } from 'ainative-code'
import type { Plan } from './plan.ts'

/** Runs `work` as if the settings stood in the config. They stay in force for this process where it succeeds. */
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
