import path from 'node:path'
import { root } from '../../helpers/cli.ts'
import type { ReceivedRequest, Wire } from '../../helpers/wire/server.ts'
import * as read from './read.ts'

/** One provider in one way to set it up. */
export interface Row {
  label: string
  provider: string
  wire: Wire
  /** The flags that name it, and its model where the config does not. */
  flags: string[]
  env?(url: string): NodeJS.ProcessEnv
  config?(url: string): string
  /** The text of a plugin of a user's. */
  plugin?(url: string): string
  read(asked: ReceivedRequest): read.Request
}

export const KEY = 'sk-test-0123456789abcdef'

const REDIRECT = path.join(root, 'test/contract/provider/redirect.cjs')

/** Sends what is meant for a real address to a server on loopback. */
const redirect = (from: string, to: string) => ({ NODE_OPTIONS: `--require=${REDIRECT}`, REDIRECT_FROM: from, REDIRECT_TO: to })

/** A provider as a user writes it: it lets through what fetch throws. */
const mine = (url: string) => `export default {
  name: 'mine',
  apply({ hooks }) {
    hooks.providers.tap('mine', ({ add }) => add({ name: 'mine', reply }))
  },
}

async function* reply({ model, messages, temperature, max_tokens }, signal) {
  const body = JSON.stringify({ model, messages, options: { temperature, num_predict: max_tokens } })
  const response = await fetch('${url}/api/chat', { method: 'POST', body, signal, headers: { authorization: 'Bearer ${KEY}' } })
  const { status, headers } = response
  if (!response.ok) throw Object.assign(new Error('HTTP ' + status), { status, headers, body: await response.text() })
  let rest = ''
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\\n')
    rest = lines.pop()
    for (const { message, error, done_reason, prompt_eval_count, eval_count } of lines.map((line) => JSON.parse(line))) {
      if (error) throw new Error(error)
      yield { text: message.content, reasoning: message.thinking }
      if (done_reason) yield { finish_reason: done_reason, usage: { input: prompt_eval_count, output: eval_count } }
    }
  }
}
`

const flags = (provider: string) => ['--provider', provider, '--model', 'm']

export const ROWS: Row[] = [
  {
    ...{ label: 'anthropic', provider: 'anthropic', wire: 'anthropic', flags: flags('anthropic'), read: read.anthropic },
    env: (url) => ({ ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: url }),
  },
  {
    ...{ label: 'openai', provider: 'openai', wire: 'openai', flags: flags('openai'), read: read.openaiResponses },
    env: (url) => ({ OPENAI_API_KEY: KEY, ...redirect('api.openai.com', url) }),
  },
  {
    ...{ label: 'openai with a base_url', provider: 'openai', wire: 'openai-chat', flags: flags('openai'), read: read.openaiChat },
    env: () => ({ MY_KEY: KEY }),
    config: (url) => `llm:\n  openai:\n    base_url: ${url}/v1\n    api_key: \${MY_KEY}\n`,
  },
  {
    ...{ label: 'azure', provider: 'azure', wire: 'azure', flags: flags('azure'), read: read.azure },
    env: (url) => ({ AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: url }),
  },
  {
    ...{ label: 'azure with a deployment', provider: 'azure', wire: 'azure-deployment', read: read.azureDeployment },
    flags: ['--provider', 'azure'],
    env: (url) => ({ AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: url }),
    config: () => 'llm:\n  azure:\n    deployment_name: m\n    api_version: "2024-10-21"\n',
  },
  {
    ...{ label: 'bedrock', provider: 'bedrock', wire: 'bedrock', flags: flags('bedrock'), read: read.bedrock },
    env: (url) => ({ AWS_BEARER_TOKEN_BEDROCK: KEY, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url }),
  },
  {
    ...{ label: 'gemini', provider: 'gemini', wire: 'gemini', flags: flags('gemini'), read: read.gemini },
    env: () => ({ GEMINI_API_KEY: KEY }),
    config: (url) => `llm:\n  gemini:\n    base_url: ${url}/v1beta\n`,
  },
  {
    ...{ label: 'ollama', provider: 'ollama', wire: 'ollama', flags: flags('ollama'), read: read.ollama },
    env: (url) => ({ OLLAMA_HOST: url }),
  },
  {
    ...{ label: 'meta', provider: 'meta', wire: 'meta', flags: flags('meta'), read: read.openaiChat },
    env: () => ({ LLAMA_API_KEY: KEY }),
    config: (url) => `llm:\n  meta:\n    base_url: ${url}/compat/v1\n`,
  },
  { label: "a user's own", provider: 'mine', wire: 'ollama', flags: flags('mine'), read: read.ollama, plugin: mine },
]
