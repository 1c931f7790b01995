import type { ProviderError } from 'ainative-code'
import { expect, test } from 'vitest'
import { explainAzure } from '../../../plugins/providers/explain/azure.ts'
import { explainBedrock } from '../../../plugins/providers/explain/bedrock.ts'
import { explainGemini } from '../../../plugins/providers/explain/gemini.ts'
import { explainOllama } from '../../../plugins/providers/explain/ollama.ts'

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
  expect(explainBedrock?.(exception(name), general)?.code).toBe(code)
  expect(explainBedrock?.(error({ code: name }), general)?.code).toBe(code)
})

test('gemini: a RetryInfo is a wait, and makes a quota a rate limit', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.Help' }, { retryDelay: '1.5s' }]
  expect(explainGemini?.(error({ body: { details } }), 'overloaded')).toEqual({ wait: 1500 })
  expect(explainGemini?.(error({ body: { details } }), 'quota')).toEqual({ code: 'rate-limit', wait: 1500 })
  expect(explainGemini?.(error({ message: 'Please retry in 3s.' }), 'quota')).toMatchObject({ code: 'rate-limit' })
  expect(explainGemini?.(error({ body: { details: [null, { retryDelay: 'soon' }] } }), 'quota')).toEqual({ wait: undefined })
  expect(explainGemini?.(error({ message: 'API key not valid.' }), undefined)).toEqual({ code: 'key-refused' })
})

test('azure: inner errors, codes and an address key of its own', () => {
  expect(explainAzure?.(error({ body: { innererror: { code: 'ResponsibleAIPolicyViolation' } } }), undefined)).toEqual({
    code: 'filtered',
  })
  expect(explainAzure?.(error({ code: 'DeploymentNotFound' }), 'no-api')).toEqual({ code: 'no-model' })
  expect(explainAzure?.(error({}), 'refused')).toEqual({ addressKey: 'llm.azure.endpoint' })
})

test('ollama: the hint starts the server', () => {
  expect(explainOllama?.(error({}), 'refused')).toEqual({ hint: 'ollama serve starts the server' })
  expect(explainOllama?.(error({}), 'dns')).toBeUndefined()
})
