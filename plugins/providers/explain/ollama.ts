import type { Api } from '../provider-spec.ts'

/** Explains a local server that is not running. */
export const explainOllama: Api['explain'] = (_, code) => (code === 'refused' ? { hint: 'ollama serve starts the server' } : undefined)
