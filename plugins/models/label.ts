/** A provider and its model as one text, such as `openai/gpt-5`; the provider alone if the model is unknown. */
export const modelLabel = ({ provider, model }: { provider?: string | null; model?: string | null }): string =>
  [provider, model].filter(Boolean).join('/')
