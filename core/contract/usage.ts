/**
 * The tokens and web searches of one message. `input` counts everything sent; `cached`, `cache_write` and `cache_write_1h` are separate
 * parts of it. `output` counts everything received; `reasoning` is a part of it. An unknown count is absent.
 */
export interface Usage {
  input?: number
  output?: number
  /** Read from a cache. */
  cached?: number
  /** Written to a cache, except the tokens that `cache_write_1h` counts. */
  cache_write?: number
  /** Written to a cache that keeps its entries for an hour. */
  cache_write_1h?: number
  reasoning?: number
  /** Searches that the provider ran for the reply. */
  web_searches?: number
}

/** The price of one message, reported by a provider or a tool, or computed by a tool from its own prices. */
export interface Cost {
  /** A number, or a number that keeps its text because JavaScript would write it differently. */
  amount: number | { readonly text: string; valueOf(): number }
  /** An ISO 4217 code, such as USD. */
  currency: string
  source: 'reported' | 'computed'
}
