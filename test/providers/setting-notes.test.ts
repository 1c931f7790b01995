import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { serve } from '../helpers/http.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openModel, type Wire } from '../helpers/wire/server.ts'

interface Case {
  provider: string
  wire: Wire
  model: string
  /** The block of the provider. */
  block: string
  /** The lines that the chat prints above its summary. */
  notes: string[]
  /** A part of the request. */
  sent: object
}

const THINKING = 'thinking: { type: enabled, budgetTokens: 2000 }'
const RAISED = 'max_tokens is 10000 in the request, not 8000: the thinking budget of 2000 tokens is added'

const CASES: Record<string, Case> = {
  'a thinking budget': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5' },
    block: `max_tokens: 8000, options: { ${THINKING} }`,
    notes: [`anthropic: ${RAISED}`],
    sent: { max_tokens: 10_000, thinking: { budget_tokens: 2000 } },
  },
  'a temperature beside thinking': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5' },
    block: `max_tokens: 8000, temperature: 0.5, top_p: 0.5, options: { ${THINKING} }`,
    notes: [
      'anthropic: temperature was ignored: temperature is not supported when thinking is enabled',
      'anthropic: top_p was ignored: topP is not supported when thinking is enabled',
      `anthropic: ${RAISED}`,
    ],
    sent: { max_tokens: 10_000 },
  },
  'a budget where no max_tokens is set': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5', block: `options: { ${THINKING} }` },
    notes: [],
    sent: { thinking: { type: 'enabled', budget_tokens: 2000 } },
  },
  'a budget that is missing': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5', block: 'options: { thinking: { type: enabled } }' },
    notes: ['anthropic: extended thinking: thinking budget is required when thinking is enabled. using default budget of 1024 tokens.'],
    sent: { thinking: { budget_tokens: 1024 } },
  },
  'a mode of thinking that the model does not have': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-5-5', block: `options: { ${THINKING} }` },
    notes: [expect.stringMatching(/^anthropic: options\.thinking: budget-based thinking is not supported .*adaptive/) as unknown as string],
    sent: { thinking: { type: 'adaptive' } },
  },
  'a temperature above the highest': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5', block: 'temperature: 1.5' },
    notes: ['anthropic: temperature was changed: 1.5 exceeds anthropic maximum of 1.0. clamped to 1.0'],
    sent: { temperature: 1 },
  },
  'more max_tokens than the model has': {
    ...{ provider: 'anthropic', wire: 'anthropic', model: 'claude-sonnet-4-5', block: `max_tokens: 63000, options: { ${THINKING} }` },
    notes: [
      expect.stringMatching(
        /^anthropic: max_tokens was changed: 65000 \(maxOutputTokens \+ thinkingBudget\) .* limited to 64000/,
      ) as unknown as string,
    ],
    sent: { max_tokens: 64_000 },
  },
  'a thinking budget on bedrock': {
    ...{ provider: 'bedrock', wire: 'bedrock', model: 'anthropic.claude-sonnet-4-5-v1:0' },
    block: 'max_tokens: 8000, options: { reasoningConfig: { type: enabled, budgetTokens: 2000 } }',
    notes: [`bedrock: ${RAISED}`],
    sent: { inferenceConfig: { maxTokens: 10_000 } },
  },
  'a thinking budget of another model on bedrock': {
    ...{ provider: 'bedrock', wire: 'bedrock', model: 'amazon.nova-pro-v1:0' },
    block: 'max_tokens: 8000, options: { reasoningConfig: { type: enabled, budgetTokens: 2000 } }',
    notes: ['bedrock: budgetTokens: budgetTokens applies only to Anthropic models on Bedrock and will be ignored for this model.'],
    sent: { inferenceConfig: { maxTokens: 8000 } },
  },
  'a temperature of a reasoning model': {
    ...{ provider: 'azure', wire: 'azure', model: 'o3', block: 'temperature: 0.5, max_tokens: 900, options: { reasoningEffort: high }' },
    notes: ['azure: temperature was ignored: temperature is not supported for reasoning models'],
    sent: { max_output_tokens: 900, reasoning: { effort: 'high' } },
  },
  'a tier that the model does not have': {
    ...{ provider: 'azure', wire: 'azure', model: 'gpt-4o', block: 'options: { serviceTier: flex }' },
    notes: ['azure: serviceTier: flex processing is only available for o3, o4-mini, and gpt-5 models'],
    sent: { model: 'gpt-4o' },
  },
  'a thinking budget of gemini, which changes nothing': {
    ...{ provider: 'gemini', wire: 'gemini', model: 'gemini-2.5-pro' },
    block: 'max_tokens: 8000, temperature: 0.5, options: { thinkingConfig: { thinkingBudget: 2000 } }',
    notes: [],
    sent: { generationConfig: { maxOutputTokens: 8000, temperature: 0.5 } },
  },
}

test.each(Object.entries(CASES))('%s is noted where it changes a setting', async (_, { provider, wire, model, block, notes, sent }) => {
  const server = await openModel(wire)
  const home = here(makeHome({ AWS_REGION: 'us-east-1' }))
  const path = provider === 'gemini' ? '/v1beta' : ''
  home.write(USER_CONFIG, `llm:\n  ${provider}: { api_key: k, base_url: "${server.url}${path}", model: "${model}", ${block} }\n`)
  const { code, stdout, stderr } = await home.run('chat', '--provider', provider, 'hi')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello\n' })
  expect(stderr.trimEnd().split('\n').slice(0, -1)).toEqual(notes)
  expect(server.requests.at(-1)?.body).toMatchObject(sent)
})

test('a request that fails is noted as well', async () => {
  const server = await serve((response) => response.writeHead(400).end('{"error":{"message":"too many tokens"}}'))
  const home = here(makeHome())
  home.write(USER_CONFIG, `llm:\n  anthropic: { api_key: k, base_url: "${server.url}", max_tokens: 8000, options: { ${THINKING} } }\n`)
  const { code, stderr } = await home.run('chat', '--provider', 'anthropic', '--model', 'claude-sonnet-4-5', 'hi')
  expect(code).toBe(1)
  expect(stderr.split('\n').slice(0, 2)).toEqual([`anthropic: ${RAISED}`, expect.stringContaining('too many tokens')])
})
