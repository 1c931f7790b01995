import type { ProviderError } from 'ainative-code'
import { expect, test } from 'vitest'
import { api as azure } from '../../../plugins/providers/api/azure.ts'
import { api as bedrock } from '../../../plugins/providers/api/bedrock.ts'
import { api as gemini } from '../../../plugins/providers/api/gemini.ts'
import { api as ollama } from '../../../plugins/providers/api/ollama.ts'

const error = (fields: Partial<ProviderError>): ProviderError => ({ headers: {}, message: '', ...fields })

const exception = (name: string) => error({ headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/` } })

test.each([
  ['ServiceQuotaExceededException', undefined, 'quota'],
  ['UnrecognizedClientException', 'forbidden', 'key-refused'],
  ['ExpiredTokenException', 'forbidden', 'key-refused'],
  ['ResourceNotFoundException', 'no-api', 'no-model'],
  ['ThrottlingException', undefined, 'rate-limit'],
  ['ModelNotReadyException', undefined, 'overloaded'],
  ['AccessDeniedException', 'quota', undefined],
  ['ValidationException', 'too-long', undefined],
])('bedrock: %s where the general rules say %s is %s', (name, general, code) => {
  expect(bedrock.explain?.(exception(name), general)?.code).toBe(code)
  expect(bedrock.explain?.(error({ code: name }), general)?.code).toBe(code)
})

test('gemini: a RetryInfo is a wait, and makes a quota a rate limit', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.Help' }, { retryDelay: '1.5s' }]
  expect(gemini.explain?.(error({ body: { details } }), 'overloaded')).toEqual({ wait: 1500 })
  expect(gemini.explain?.(error({ body: { details } }), 'quota')).toEqual({ code: 'rate-limit', wait: 1500 })
  expect(gemini.explain?.(error({ message: 'Please retry in 3s.' }), 'quota')).toMatchObject({ code: 'rate-limit' })
  expect(gemini.explain?.(error({ body: { details: [null, { retryDelay: 'soon' }] } }), 'quota')).toEqual({ wait: undefined })
  expect(gemini.explain?.(error({ message: 'API key not valid.' }), undefined)).toEqual({ code: 'key-refused' })
})

test('azure: inner errors, codes and an address key of its own', () => {
  expect(azure.explain?.(error({ body: { innererror: { code: 'ResponsibleAIPolicyViolation' } } }), undefined)).toEqual({
    code: 'filtered',
  })
  expect(azure.explain?.(error({ code: 'DeploymentNotFound' }), 'no-api')).toEqual({ code: 'no-model' })
  expect(azure.explain?.(error({}), 'refused')).toEqual({ addressKey: 'llm.azure.endpoint' })
})

test('ollama: the hint starts the server, unless a proxy refused', () => {
  expect(ollama.explain?.(error({}), 'refused')).toEqual({ hint: 'ollama serve starts the server' })
  expect(ollama.explain?.(error({ proxy: 'proxy:8080' }), 'refused')).toBeUndefined()
  expect(ollama.explain?.(error({}), 'dns')).toBeUndefined()
})
