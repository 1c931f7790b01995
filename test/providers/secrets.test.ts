import type http from 'node:http'
import { expect, test } from 'vitest'
import { createSecretHider } from '../../plugins/providers/hide-secrets.ts'
import { makeHome, type Result } from '../helpers/cli.ts'
import { okHere, runHere } from '../helpers/here.ts'
import { chunks, SSE, serve, sse } from '../helpers/http.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'

/** A key with characters that every kind of escape touches. */
const KEY = 'sk-ab+c/d=0123456789&SECRET'
const hex = (text: string, before: string, digits = 2) =>
  [...text].map((char) => `${before}${char.charCodeAt(0).toString(16).padStart(digits, '0')}`).join('')

const ESCAPES: [name: string, text: string][] = [
  ['as it is', KEY],
  ['JSON', KEY.replaceAll('/', '\\/')],
  ['JSON, every character', hex(KEY, '\\u', 4)],
  ['JSON within JSON', JSON.stringify(KEY.replaceAll('/', '\\/').replaceAll('+', '\\u002b'))],
  ['JavaScript', hex(KEY, '\\x')],
  ['a URL', encodeURIComponent(KEY)],
  ['a URL in lower case', KEY.replace('+', '%2b').replace('/', '%2f').replace('=', '%3d').replace('&', '%26')],
  ['a URL within a URL', encodeURIComponent(encodeURIComponent(KEY))],
  ['HTML', KEY.replace('&', '&amp;').replace('+', '&#43;').replace('/', '&#x2F;').replace('=', '&equals;')],
  ['HTML within HTML', KEY.replace('&', '&amp;amp;').replace('+', '&amp;#43;')],
  ['Base64', btoa(KEY)],
  ['Base64 of a user', btoa(`me:${KEY}`)],
  ['Base64 of another user', btoa(`user:${KEY}`)],
  ['Base64 for URLs', btoa(`x:${KEY}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')],
  ['Base64 in JSON', btoa(`me:${KEY}`).replaceAll('/', '\\/').replaceAll('=', '\\u003d')],
  ['hexadecimal', hex(KEY, '').toUpperCase()],
]

test.each(ESCAPES)('a secret is hidden in %s', (_, text) => {
  const hider = createSecretHider([{ text: KEY, parts: true }])
  const words = text.startsWith('"') ? ['"', '"'] : ['', '']
  expect(hider.text(`the key ${text} is wrong`)).toBe(`the key ${words.join('***')} is wrong`)
})

test('a part of a secret is hidden, and other texts stay as they are', () => {
  const hider = createSecretHider([{ text: KEY, parts: true }])
  expect(hider.text(`..."${KEY.slice(4, 20)}"...`)).toBe('..."***"...')
  const text = 'a 100% \\ "quoted\\n" & &amp; \\u00e9 é 日本 \ud83d\ude00 \ud800 %zz &#0; text, dXNlcjpwYXNzd29yZA=='
  expect(hider.text(text)).toBe(text)
  expect(createSecretHider([{ text: 'short', parts: true }]).text('short')).toBe('short')
  expect(createSecretHider([{ text: 'common words', parts: false }]).text('common words, common')).toBe('***, common')
})

test('an error is cleaned with its causes and details, also where they are circular', () => {
  const cause = Object.assign(new Error(`cause ${KEY}`), { data: { error: { deep: [{ message: btoa(KEY) }] } } })
  const error = Object.assign(new Error(`message ${KEY}`, { cause }), { self: {} as unknown })
  error.self = error
  createSecretHider([{ text: KEY, parts: true }]).value(error)
  expect([error.message, cause.message, cause.data.error.deep[0]?.message]).toEqual(['message ***', 'cause ***', '***'])
  expect(`${error.stack}${cause.stack}`).not.toContain(KEY)
})

type Answer = (response: http.ServerResponse) => void

/** What a chat, a list of models and a test print where a server answers like this. */
async function printed(answer: Answer, provider = 'openai'): Promise<string> {
  const server = await serve(answer)
  const home = makeHome({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1`, OLLAMA_API_KEY: KEY })
  home.write(USER_CONFIG, `llm:\n  ollama: { base_url: "${server.url}", api_key: "${KEY}" }\n`)
  const flags = ['--provider', provider, '-m', 'm']
  const runs: Result[] = []
  for (const argv of [
    ['chat', ...flags, '--debug', 'hi'],
    ['chat', ...flags, 'hi'],
    ['chat', ...flags, '--format', 'jsonl', 'hi'],
    ['models', provider],
  ])
    runs.push(await runHere(home, ...argv))
  return runs.map(({ stdout, stderr }) => stdout + stderr).join('') + (await okHere(home, 'session', 'show', 'last', '--format', 'json'))
}

/** Any eight characters of the key in a row, or of its Base64. */
function expectHidden(text: string): void {
  for (const form of [KEY, btoa(KEY), btoa(`me:${KEY}`), hex(KEY, '%')])
    for (let at = 0; at + 12 <= form.length; at++) expect(text).not.toContain(form.slice(at, at + 12))
}

test.each(ESCAPES.filter(([name]) => !name.includes('within')))(
  'a server that sends the key back in %s gets none of it shown',
  async (_, text) => {
    const body = text.includes('\\') ? text : JSON.stringify(text).slice(1, -1)
    const shown = await printed((response) => response.writeHead(400).end(`{"error":{"message":"bad key ${body}"}}`))
    expect(shown).toContain('bad key ***')
    expectHidden(shown)
  },
)

test('--debug of the program hides a key too', async () => {
  const server = await serve((response) => response.writeHead(400).end(JSON.stringify({ error: { message: `bad key ${KEY}` } })))
  const home = makeHome({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` })
  const { stdout, stderr } = await home.run('chat', '--provider', 'openai', '-m', 'm', '--debug', 'hi')
  expect(stderr).toMatch(/bad key \*\*\*[\s\S]*^ {4}at /m)
  expectHidden(stdout + stderr)
})

test.each<[string, Answer]>([
  ['a redirect', (response) => response.writeHead(302, { location: `http://other.test/?key=${KEY}` }).end()],
  ['a redirect that escapes it', (response) => response.writeHead(302, { location: `http://other.test/?key=${hex(KEY, '%')}` }).end()],
  ['a page', (response) => response.writeHead(403, { 'content-type': 'text/html' }).end(`<title>no ${KEY.replace('&', '&amp;')}</title>`)],
  ['JSON that is broken', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data": ${KEY}`)],
  ['a stream of broken JSON', (response) => response.writeHead(200, SSE).end(`data: {"x": ${KEY}\n\n`)],
  [
    'an error within a stream',
    (response) => response.writeHead(200, SSE).end(sse({ error: { message: `no ${KEY}`, type: 'invalid_request_error' } })),
  ],
  [
    'an error after some text',
    (response) =>
      response.writeHead(200, SSE).end(chunks({ content: 'Half' }) + sse(`{"error":{"message":"no ${hex(KEY, '\\u', 4)}","code":"x"}}`)),
  ],
])('a key in %s is not shown', async (_, answer) => {
  expectHidden(await printed(answer))
})

test.each<[string, Answer]>([
  ['an error', (response) => response.writeHead(400).end(JSON.stringify({ error: `no ${KEY}` }))],
  ['an error within a stream', (response) => response.writeHead(200).end(`${JSON.stringify({ error: `no ${KEY}` })}\n`)],
])('a key in %s of ollama is not shown', async (_, answer) => {
  const shown = await printed(answer, 'ollama')
  expect(shown).toContain('no ***')
  expectHidden(shown)
})

test('the password of a base_url, and a header, are hidden as the key is', async () => {
  const server = await serve((response) => {
    response
      .writeHead(400)
      .end(JSON.stringify({ error: { message: `I got ${response.req.headers.authorization} and ${response.req.headers['x-gate']}` } }))
  })
  const home = makeHome()
  const url = server.url.replace('//', '//me:pass-word-1@')
  home.write(USER_CONFIG, `llm:\n  ollama: { base_url: "${url}", headers: { X-Gate: "Token gate-word-2" } }\n`)
  const { stderr } = await home.run('chat', '--provider', 'ollama', '-m', 'm', 'hi')
  expect(stderr).toContain('I got')
  expect(stderr).not.toMatch(new RegExp(`pass-word-1|gate-word-2|${btoa('me:pass-word-1')}`))
})

test('the text of a reply stays as the model wrote it', async () => {
  const server = await serve((response) =>
    response
      .writeHead(200, SSE)
      .end(chunks({ content: `Use ${KEY}` }) + sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + sse('[DONE]')),
  )
  const home = makeHome({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` })
  expect(await home.ok('chat', '--provider', 'openai', '-m', 'm', 'hi')).toBe(`Use ${KEY}\n`)
})
