import { providers } from '../../plugins/stats/prices/providers.ts'

/** What plugins/stats/prices/providers.ts is in the build: the data alone. */
export async function pricesSource(): Promise<string> {
  const lists = await providers()
  if (lists.length < 20) throw new Error('genai-prices no longer gives its catalogue by waitForUpdate')
  const needed = lists.map(({ id, provider_match, model_match, fallback_model_providers, models }) => ({
    ...{ id, provider_match, model_match, fallback_model_providers },
    models: models.map(({ id, match, prices }) => ({ id, match, prices })),
  }))
  return `export const providers = async () => JSON.parse(${JSON.stringify(JSON.stringify(needed))})`
}
