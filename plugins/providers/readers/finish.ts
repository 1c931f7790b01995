/** The finish reasons of all APIs by their common name, in lower case with hyphens. */
const REASONS: Record<string, readonly string[]> = {
  stop: ['end-turn', 'stop-sequence', 'eos', 'eos-token', 'completed', 'complete'],
  length: ['max-tokens', 'max-output-tokens', 'model-context-window-exceeded'],
  'tool-calls': ['tool-use', 'function-call'],
  'content-filter': [
    ...['content-filtered', 'refusal', 'safety', 'recitation', 'blocklist', 'prohibited-content', 'spii', 'guardrail-intervened'],
    ...['image-safety', 'image-prohibited-content', 'image-recitation'],
  ],
}

const COMMON = new Map(Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason])))

/** The finish reason in its common form, such as stop, length or content-filter; undefined if the value is not a reason. An unknown reason keeps its name. */
export function finishReason(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const name = value
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
  if (name === '' || name === 'null' || name === 'finish-reason-unspecified') return undefined
  return COMMON.get(name) ?? name
}
