/** What a model says where it refuses to answer, in either of OpenAI's APIs; the SDK leaves it out. */
export function refusalIn(raw: unknown): string | undefined {
  const { type, delta, choices } = Object(raw) as { type?: unknown; delta?: unknown; choices?: { delta?: { refusal?: unknown } }[] }
  const refusal = type === 'response.refusal.delta' ? delta : choices?.[0]?.delta?.refusal
  return typeof refusal === 'string' ? refusal : undefined
}
