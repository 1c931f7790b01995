import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeHome, root } from '../helpers/cli.ts'
import { USER_CONFIG } from '../helpers/plugins.ts'
import { openModel, type Wire } from '../helpers/wire/server.ts'

const KEYS = Object.fromEntries(['ANTHROPIC', 'OPENAI', 'AZURE', 'GOOGLE', 'LLAMA'].map((name) => [`${name}_KEY`, 'sk-0123456789']))
const redirect = (to: string) => ({
  NODE_OPTIONS: `--require=${path.join(root, 'test/contract/provider/redirect.cjs')}`,
  REDIRECT_FROM: 'api.openai.com',
  REDIRECT_TO: to,
})

/** How each heading's server speaks, and how a config is led to it. */
const HEADINGS: Record<string, { wire: Wire; lead?(config: string, url: string): string; env?(url: string): NodeJS.ProcessEnv }> = {
  anthropic: { wire: 'anthropic', env: (url) => ({ ANTHROPIC_BASE_URL: url }) },
  openai: { wire: 'openai', env: redirect },
  'Any compatible server': { wire: 'openai-chat', lead: (config, url) => config.replace('http://localhost:1234', url) },
  azure: { wire: 'azure', lead: (config, url) => config.replace('https://NAME.openai.azure.com', url) },
  bedrock: {
    wire: 'bedrock',
    env: (url) => ({ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url, AWS_BEARER_TOKEN_BEDROCK: 'sk-0123456789' }),
  },
  gemini: { wire: 'gemini', env: (url) => ({ GEMINI_BASE_URL: url }) },
  ollama: { wire: 'ollama', env: (url) => ({ OLLAMA_HOST: url }) },
  meta: { wire: 'meta', env: (url) => ({ LLAMA_BASE_URL: `${url}/compat/v1` }) },
}

const text = fs.readFileSync(path.join(root, 'docs/providers.md'), 'utf8')
const sections = text.split(/^#{2,3} /m).map((section) => ({
  heading: section.slice(0, section.indexOf('\n')),
  configs: [...section.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, config = '']) => config),
}))
const cases = sections.flatMap(({ heading, configs }) => configs.map((config) => ({ heading, config })))

test('each provider has a section with a config', () => {
  expect(new Set(cases.map(({ heading }) => heading))).toEqual(new Set(Object.keys(HEADINGS)))
})

test.each(cases)('a config of $heading works as it stands', async ({ heading, config }) => {
  const { wire, lead, env } = HEADINGS[heading] as (typeof HEADINGS)[string]
  const model = await openModel(config.includes('api_version') ? 'azure-deployment' : wire)
  const home = makeHome({ ...KEYS, ...env?.(model.url) })
  home.write(USER_CONFIG, lead?.(config, model.url) ?? config)
  const provider = /^ {2}(\w+):\n/m.exec(config)?.[1] as string
  expect(await home.ok('chat', '--provider', provider, 'hi')).toBe('Hello\n')
  expect(model.requests.length).toBeGreaterThan(0)
  expect(JSON.parse(await home.ok('provider', 'list', '--json'))).not.toContainEqual(
    expect.objectContaining({ problem: expect.anything() }),
  )
})
