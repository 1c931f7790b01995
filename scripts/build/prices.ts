import { providers } from '../../plugins/stats/prices/providers.ts'

/** Returns the source that replaces plugins/stats/prices/providers.ts in the build: only the data. */
export async function pricesSource(): Promise<string> {
  const lists = await providers()
  if (lists.length < 20) throw new Error(`genai-prices: the catalogue has ${lists.length} providers, expected 20 or more`)
  const needed = lists.map(({ id, provider_match, model_match, fallback_model_providers, models }) => ({
    ...{ id, provider_match, model_match, fallback_model_providers },
    models: models.map(({ id, match, prices }) => ({ id, match, prices })),
  }))
  return `export const providers = async () => JSON.parse(${JSON.stringify(JSON.stringify(needed))})`
}
