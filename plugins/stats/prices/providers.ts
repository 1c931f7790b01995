import { type Provider, waitForUpdate } from '@pydantic/genai-prices'

/** A provider of the catalogue, with what its prices are found by. */
export interface PriceList extends Pick<Provider, 'id' | 'provider_match' | 'model_match' | 'fallback_model_providers'> {
  models: Pick<Provider['models'][number], 'id' | 'match' | 'prices'>[]
}

/**
 * The catalogue. In the build this file is replaced by the same data as JSON (scripts/build/prices.ts): to load the package, which also
 * prepares what it computes prices with, takes a third of a start.
 */
export const providers = async (): Promise<PriceList[]> => (await waitForUpdate()) ?? []
