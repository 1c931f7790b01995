import { type Provider, waitForUpdate } from '@pydantic/genai-prices'

/** A provider of the catalogue: its models, and the rules by which providers and models are matched. */
export interface PriceList extends Pick<Provider, 'id' | 'provider_match' | 'model_match' | 'fallback_model_providers'> {
  models: Pick<Provider['models'][number], 'id' | 'match' | 'prices'>[]
}

/**
 * Loads the catalogue. The build replaces this file with the same data as JSON (scripts/build/prices.ts): loading the package takes a
 * third of the time of a start.
 */
export const providers = async (): Promise<PriceList[]> => (await waitForUpdate()) ?? []
