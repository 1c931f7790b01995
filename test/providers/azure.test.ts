import { expect, test } from 'vitest'
import { here, makeHome } from '../helpers/cli.ts'
import { chunks, DONE, SSE, STOP, serve } from '../helpers/http.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openModel } from '../helpers/wire/server.ts'

const KEY = { AZURE_OPENAI_API_KEY: 'azure-key-0123456789' }

/** The path and the model of the request that a chat with this endpoint makes. */
async function requestOf(endpoint: string, { fields = '', argv = [] as string[] } = {}): Promise<{ path?: string; model?: string }> {
  const server = await serve((response) => response.writeHead(401).end('{}'))
  const home = here(makeHome(KEY))
  home.write(USER_CONFIG, `llm:\n  azure: { endpoint: "${server.url}${endpoint}"${fields && `, ${fields}`} }\n`)
  const { stderr } = await home.run('chat', '--provider', 'azure', ...argv, 'hi')
  expect(stderr).toContain('azure refused the key')
  const [request] = server.requests
  return { path: request?.path, model: JSON.parse(request?.body ?? '{}').model }
}

const DATED = 'api_version: "2024-10-21"'
const OLD = '/openai/deployments/gpt/chat/completions?api-version=2024-10-21'

test.each([
  ['/openai/deployments/gpt', DATED, OLD],
  ['/openai/deployments/gpt/', DATED, OLD],
  ['/openai/deployments/gpt/chat/completions', DATED, OLD],
  [OLD, '', OLD],
  ['//openai//deployments/gpt//', DATED, OLD],
  ['/openai/deployments/gpt?api-version=2023-05-15', DATED, OLD],
  ['/openai/deployments/gpt/responses', DATED, '/openai/deployments/gpt/responses?api-version=2024-10-21'],
  ['/openai/deployments/gpt/responses/', '', '/openai/v1/responses'],
  ['/openai/deployments/gpt', '', '/openai/v1/responses'],
  ['/gateway/openai/deployments/gpt', DATED, `/gateway${OLD}`],
  ['/openai/deployments/my%20gpt', DATED, '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21'],
])('an endpoint %s with %j names the deployment, and its path stands in the request once', async (endpoint, fields, path) => {
  expect(await requestOf(endpoint, { fields })).toEqual({ path, model: endpoint.includes('%20') ? 'my gpt' : 'gpt' })
})

test.each([
  ['', '/openai/v1/responses'],
  ['/', '/openai/v1/responses'],
  ['/openai', '/openai/v1/responses'],
  ['/openai/v1/', '/openai/v1/responses'],
  ['/openai/v1/responses', '/openai/v1/responses'],
  ['/openai/v1/responses?api-version=preview', '/openai/v1/responses?api-version=preview'],
  ['/openai/v1/chat/completions', '/openai/v1/chat/completions'],
  ['/openai/responses?api-version=2025-04-01-preview', '/openai/responses?api-version=2025-04-01-preview'],
  ['/api/projects/p/openai/v1', '/api/projects/p/openai/v1/responses'],
  ['/models', '/models/chat/completions?api-version=2024-05-01-preview'],
  ['/models/chat/completions?api-version=2025-01-01-preview', '/models/chat/completions?api-version=2025-01-01-preview'],
])('an endpoint with the path %j asks %s', async (endpoint, path) => {
  expect(await requestOf(endpoint, { argv: ['-m', 'm'] })).toEqual({ path, model: 'm' })
})

test('the hint about an address that answers otherwise names the endpoint', async () => {
  const server = await serve((response) => response.writeHead(200).end('Please log in'))
  const { stderr } = await here(makeHome({ ...KEY, AZURE_OPENAI_ENDPOINT: server.url })).run('chat', '--provider', 'azure', '-m', 'm', 'hi')
  expect(stderr).toMatch(/^error: azure does not answer as its API does: Please log in\nhint: check llm\.azure\.endpoint,/)
})

test('a flag and deployment_name go before the deployment of the endpoint', async () => {
  const endpoint = '/openai/deployments/gpt'
  const { path } = await requestOf(endpoint, { fields: DATED, argv: ['-m', 'other'] })
  expect(path).toContain('/deployments/other/')
  expect((await requestOf(endpoint, { fields: `${DATED}, deployment_name: named` })).path).toContain('/deployments/named/')
})

test('a reply of a deployment in the endpoint is whole, and its name is what provider list shows', async () => {
  const model = await openModel('azure-deployment')
  const home = here(
    makeHome({ ...KEY, AZURE_OPENAI_ENDPOINT: `${model.url}/openai/deployments/gpt/chat/completions?api-version=2024-10-21` }),
  )
  expect(await home.ok('chat', '--provider', 'azure', 'hi')).toBe('Hello\n')
  const rows = await home.json('provider', 'list', '--json')
  expect(rows.find(({ name }: { name: string }) => name === 'azure')).toMatchObject({ base_url: model.url, model: 'gpt' })
})

test('the model inference API gets the key in its own header, and gives reply and reasoning', async () => {
  const server = await serve((response) =>
    response.writeHead(200, SSE).end(chunks({ reasoning_content: 'Hm' }, { content: 'Hello' }) + STOP + DONE),
  )
  const home = here(makeHome({ ...KEY, AZURE_OPENAI_ENDPOINT: `${server.url}/models` }))
  expect(await home.ok('chat', '--provider', 'azure', '-m', 'deepseek', 'hi')).toBe('Hello\n')
  const [session] = await home.json('session', 'list', '--json')
  const { messages } = await home.json('session', 'show', session.id, '--format', 'json')
  expect(messages[1].parts).toEqual([
    { type: 'reasoning', text: 'Hm' },
    { type: 'text', text: 'Hello' },
  ])
  expect(server.requests[0]?.headers).toMatchObject({ 'api-key': KEY.AZURE_OPENAI_API_KEY })
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
})

test.each([
  ['NAME.openai.azure.com', 'Invalid URL'],
  ['https://name.openai.azure.com/openai/deployment/gpt', "its path is not one of Azure's APIs"],
  [
    'https://name.openai.azure.com/openai/deployments/gpt?api-version=1&subscription-key=s3cret',
    'it has query parameters other than api-version',
  ],
  ['https://name.openai.azure.com/#s3cret', 'it has more than a path'],
])('the endpoint %s is refused with the forms that Azure has', async (endpoint, reason) => {
  const { code, stderr } = await here(makeHome({ ...KEY, AZURE_OPENAI_ENDPOINT: endpoint })).run(
    'chat',
    '--provider',
    'azure',
    '-m',
    'm',
    'hi',
  )
  expect(code).toBe(1)
  expect(stderr).toContain(reason)
  expect(stderr).toContain('https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT')
  expect(stderr).not.toMatch(/s3cret|example\.com/)
})
