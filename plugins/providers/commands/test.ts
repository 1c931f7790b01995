import { defineCommand, type Host } from 'ainative-code'
import * as z from 'zod'
import { askProvider, modelLabel, resolveTarget } from '../../models/index.ts'

/** The command `provider test`. */
export const test = defineCommand({
  name: 'provider test',
  summary: 'Test a provider with the smallest request',
  group: 'Chat',
  writes: false,
  args: ['name'],
  input: z.object({
    name: z.string().meta({ complete: 'provider' }),
    model: z.string().optional().describe('Model to use').meta({ alias: 'm', value: 'name', complete: 'model' }),
  }),
  run: ({ name, model }, { host, signal, note }) => testRequest(host, name, signal, note, model),
  print: ({ provider, model, latency_ms }) => `${modelLabel({ provider, model })} answered in ${(latency_ms / 1000).toFixed(1)} s\n`,
})

/** Makes the smallest request to a provider; rejects if the provider does not reply. */
export async function testRequest(host: Host, name: string, signal: AbortSignal, note: (text: string) => void, wanted?: string) {
  const target = await resolveTarget(host, { provider: name, model: wanted }, undefined, signal)
  if (target.problem) throw target.problem
  const { provider, model } = target
  const request = { provider: provider.name, model, messages: [{ role: 'user' as const, content: 'Reply with OK.' }], max_tokens: 16 }
  const start = Date.now()
  for await (const _ of askProvider(target, request, signal, note));
  return { provider: provider.name, model: model ?? null, ok: true, latency_ms: Date.now() - start }
}
