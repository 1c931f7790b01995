import assert from 'node:assert/strict'
import type { ChatChunk, ChatRequest, Provider } from '../contract/provider.ts'
import { isCost, isUsage } from '../session/usage.ts'
import type { Case } from './case.ts'
import { frozen } from './samples.ts'

/** A question that the provider answers, by default `hi` to the provider's default model. */
export interface ProviderCaseOptions {
  model?: string
  text?: string
}

/** The contract of a provider. Each case asks the provider, so it needs a server or a recorded reply. */
export function providerCases(provider: Provider, { model, text = 'hi' }: ProviderCaseOptions = {}): Case[] {
  const request: ChatRequest = { provider: provider.name, model, messages: [{ role: 'user', content: text }] }
  return [
    {
      name: `provider ${provider.name}: answers with text`,
      async run() {
        assert.match((await readAll(provider, request)).map(({ text }) => text ?? '').join(''), /\S/, 'the reply is blank')
      },
    },
    {
      name: `provider ${provider.name}: does not change the request`,
      run: async () => void (await readAll(provider, frozen(structuredClone(request)))),
    },
    {
      name: `provider ${provider.name}: usage and cost have the documented form`,
      async run() {
        for (const { usage, cost } of await readAll(provider, request)) {
          assert.ok(
            usage === undefined || isUsage(usage),
            `usage: expected counts such as { input: 12, output: 3 }, got ${JSON.stringify(usage)}`,
          )
          assert.ok(cost === undefined || isCost(cost), `cost: expected { amount, currency, source }, got ${JSON.stringify(cost)}`)
        }
      },
    },
    {
      name: `provider ${provider.name}: an aborted request ends`,
      run: () => endsAfterAbort(provider, request),
    },
    {
      name: `provider ${provider.name}: lists models with ids`,
      async run() {
        if (!provider.list) return
        for await (const { id } of provider.list(new AbortController().signal)) assert.match(id, /\S/)
      },
    },
  ]
}

async function readAll(provider: Provider, request: ChatRequest): Promise<ChatChunk[]> {
  assert.ok(provider.reply, 'a provider without reply is only a name')
  const chunks: ChatChunk[] = []
  for await (const chunk of provider.reply(request, new AbortController().signal)) {
    assert.ok(typeof chunk === 'string' || (typeof chunk === 'object' && chunk !== null), 'a chunk is a text or an object')
    chunks.push(typeof chunk === 'string' ? { text: chunk } : chunk)
  }
  return chunks
}

/** Checks that an abort ends a reply, with or without an error. A reply that ended before the abort is valid too. */
async function endsAfterAbort(provider: Provider, request: ChatRequest): Promise<void> {
  const controller = new AbortController()
  try {
    for await (const _ of provider.reply?.(request, controller.signal) ?? []) controller.abort()
  } catch (error) {
    assert.ok(controller.signal.aborted, `the reply failed before the abort: ${error instanceof Error ? error.message : String(error)}`)
  }
}
