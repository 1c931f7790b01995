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
  /** The file of a plugin of a user's. */
  plugin?: string
  read(asked: ReceivedRequest): read.Request
}

export const KEY = 'sk-test-0123456789abcdef'

/** The module that `redirect` loads before the program. */
export const REDIRECT = path.join(root, 'test/contract/provider/redirect.cjs')

/** Sends what is meant for a real address to a server on loopback. */
const redirect = (from: string, to: string) => ({ NODE_OPTIONS: `--require=${REDIRECT}`, REDIRECT_FROM: from, REDIRECT_TO: to })

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
  {
    ...{ label: "a user's own", provider: 'mine', wire: 'ollama', flags: flags('mine'), read: read.ollama },
    env: (url) => ({ MINE_URL: url, MINE_AUTHORIZATION: `Bearer ${KEY}` }),
    plugin: path.join(root, 'test/contract/provider/mine.mjs'),
  },
]
