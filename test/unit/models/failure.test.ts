import { type Explanation, Problem } from 'ainative-code'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../plugins/models/failure.ts'
import { retryAfter } from '../../../plugins/models/retry-after.ts'

const provider = (explain?: () => Promise<Explanation | undefined>) => ({ name: 'mine', explain })

const failure = async (error: unknown, explain?: () => Promise<Explanation | undefined>) => {
  const { problem, retry, wait } = await failureOf(error, provider(explain))
  return { code: problem.code, message: problem.message, hint: problem.hint, retry, wait }
}

const http = (status: number, body: unknown = '', headers = {}) =>
  Object.assign(new Error(`HTTP ${status}`), { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })

const errno = (code: string, message: string = code) => Object.assign(new Error(message), { code })

describe('the general rules', () => {
  test.each([
    [errno('ENOTFOUND'), 'dns', undefined],
    [errno('EAI_AGAIN'), 'dns', 'the name server did not answer'],
    [errno('ECONNREFUSED'), 'refused', undefined],
    [new TypeError('fetch failed', { cause: errno('ECONNRESET') }), 'cut', 'the connection was cut'],
    [http(407), 'proxy', undefined],
    [http(302, '', { location: 'https://login.example' }), 'no-api', undefined],
    [http(404, '<title>Not Found</title>'), 'no-api', undefined],
    [http(404, { error: { message: 'no such model' } }), 'no-model', undefined],
    [http(402), 'quota', undefined],
    [http(429, { error: { code: 'insufficient_quota', message: 'pay' } }), 'quota', undefined],
    [http(429), 'rate-limit', 'rate-limited'],
    [http(200, { error: { code: 429, message: 'slow down' } }), 'rate-limit', 'rate-limited'],
    [http(400, { error: { message: 'maximum context length is 4096 tokens' } }), 'too-long', undefined],
    [http(400, { error: { code: 'content_filter', message: 'no' } }), 'filtered', undefined],
    [http(401), 'key-refused', undefined],
    [http(403), 'forbidden', undefined],
    [http(503), 'overloaded', 'overloaded'],
    [http(500), 'server', 'server error'],
    [http(400, { error: { message: 'top_k is not allowed' } }), 'provider', undefined],
    ['just a text', 'provider', undefined],
    [undefined, 'provider', undefined],
  ])('%j is %s', async (error, code, retry) => {
    expect(await failure(error)).toMatchObject({ code, retry })
  })

  test('an error without text says so', async () => {
    expect((await failure(new Error(''))).message).toBe('mine failed: no reason given')
  })

  test('a message is one line of at most 500 characters', async () => {
    const { message } = await failure(http(400, { message: `a\n\n b${'x'.repeat(1000)}` }))
    expect(message).toBe(`mine refused the request (400): a b${'x'.repeat(497)}`)
  })

  test('a cycle of causes ends', async () => {
    const error = new Error('round')
    error.cause = error
    expect((await failure(error)).message).toBe('mine failed: round')
  })

  test('the hint for an address names the config key, or the variables of the proxy', async () => {
    expect((await failure(errno('ECONNREFUSED'))).hint).toBe('check llm.mine.base_url')
    const named = await failure(errno('ECONNREFUSED'), async () => ({ addressKey: 'llm.mine.endpoint' }))
    expect(named.hint).toBe('check llm.mine.endpoint')
    const explain = async () => ({ hint: 'start the server' })
    const byProxy = await failure(Object.assign(errno('ECONNREFUSED', 'refused'), { proxy: 'proxy:8080' }), explain)
    expect(byProxy).toMatchObject({ message: 'no server listens at the address of mine: refused, by the proxy proxy:8080' })
    expect(byProxy.hint).toMatch(/^check HTTPS_PROXY/)
  })
})

describe("a provider's explanation", () => {
  test('goes before the general rules', async () => {
    expect(await failure(http(400), async () => ({ code: 'rate-limit', wait: 1500 }))).toMatchObject({
      code: 'rate-limit',
      hint: 'try again in 2 s',
      retry: 'rate-limited',
      wait: 1500,
    })
    expect(await failure(errno('ECONNREFUSED'), async () => ({ hint: 'start it' }))).toMatchObject({ code: 'refused', hint: 'start it' })
  })

  test('does not replace the headers, nor makes a final failure wait', async () => {
    expect(await failure(http(429, '', { 'retry-after': '3' }), async () => ({ wait: 9000 }))).toMatchObject({ wait: 3000 })
    expect((await failure(http(401), async () => ({ wait: 9000 }))).wait).toBeUndefined()
  })

  test('may have a code of its own', async () => {
    expect(await failure(http(418, 'teapot'), async () => ({ code: 'teapot', hint: 'use a cup' }))).toMatchObject({
      code: 'teapot',
      message: 'mine refused the request (418): teapot',
      hint: 'use a cup',
    })
  })

  test('of a wrong shape is ignored', async () => {
    for (const wrong of [5, 'x', null, { code: 5, hint: {}, wait: 'x', addressKey: [] }, { code: '', wait: Number.NaN }, { wait: -1 }]) {
      expect(await failure(http(429), async () => wrong as never)).toEqual(await failure(http(429)))
    }
  })

  test('that fails does not hide the error', async () => {
    const broken = async () => {
      throw new Error('broken')
    }
    expect(await failure(http(429), broken)).toMatchObject({ code: 'rate-limit' })
  })
})

test('a Problem stays as it is, and an error that a plugin passes on is described by the rules', async () => {
  const own = new Problem('no-key', 'mine needs a key')
  expect((await failureOf(own, provider())).problem).toBe(own)
  const plain = new Problem('plugin', "plugin 'x' failed", { cause: new Error('oops') })
  expect((await failureOf(plain, provider())).problem).toBe(plain)
  expect(await failure(new Problem('plugin', "plugin 'x' failed", { cause: http(429) }))).toMatchObject({ code: 'rate-limit' })
  expect(await failure(new Problem('plugin', "plugin 'x' failed", { cause: new Error('rate limit') }))).toMatchObject({
    code: 'rate-limit',
  })
})

test.each([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': ' 1.5 ' }, 1500],
  [{ 'retry-after-ms': '250', 'retry-after': '20' }, 250],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '0x10' }, undefined],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'Infinity' }, undefined],
  [{}, undefined],
])('the wait of the headers %j is %s ms', (headers, ms) => expect(retryAfter(headers as Record<string, string>)).toBe(ms))
