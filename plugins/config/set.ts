import {
  type Config,
  type Context,
  configChecks,
  defineCommand,
  flag,
  openAsker,
  type Problem,
  readText,
  usage,
  userConfigFile,
} from 'ainative-code'
import * as z from 'zod'
import { storedKeys } from '../providers/index.ts'
import { hasLogin, isSecret, isSecretText, keyText, parseKey } from './key.ts'
import { valuesOf } from './value.ts'

/** The command `config set`. */
export const set = defineCommand({
  name: 'config set',
  summary: 'Change a setting of your config',
  group: 'Configuration',
  tolerant: true,
  writes: true,
  fields: ['key', 'file', 'keyring'],
  args: ['key', 'value'],
  input: z.object({
    key: z.string().meta({ complete: 'setting' }),
    value: z.string().optional().meta({ complete: 'setting-value' }),
    stdin: flag('Read the value, such as a secret, from standard input'),
  }),
  examples: [
    'ainative-code config set defaults.limit 20',
    'ainative-code config set defaults.tags go,api',
    'pass show openai | ainative-code config set llm.openai.api_key --stdin',
  ],
  async run({ key, ...source }, context) {
    const { host } = context
    const path = parseKey(key)
    const { checkKey, mistakeIn } = await configChecks()
    await checkKey(host, path)
    const config = await (await userConfigFile()).openUserConfig(host.env)
    const text = await readValue(path, source, context)
    let firstProblem: Problem | undefined
    for (const value of await valuesOf(text)) {
      config.set(path, value)
      const problem = await mistakeIn(host, config.get([]) as Config, config.file, path)
      firstProblem ??= problem
      if (problem) continue
      await checkKey(host, path, value)
      const stored = await storedValue(path, value, context)
      config.set(path, stored)
      await config.write()
      return { key: keyText(path), file: config.file, keyring: stored !== value }
    }
    throw firstProblem
  },
  print: ({ key, file, keyring }) => `Set ${key} in ${keyring ? `the keyring, and a reference to the keyring in ${file}` : file}\n`,
})

/** Stores the key of a provider in the keyring. Returns the value for the config. */
async function storedValue(path: string[], value: unknown, context: Context): Promise<unknown> {
  if (typeof value !== 'string' || value.includes('${')) return value
  const { IN_KEYRING, keyOwner, storeKey } = await storedKeys()
  const provider = await keyOwner(context.host, path)
  return provider === undefined || value === IN_KEYRING ? value : storeKey(provider, value, context)
}

/** Returns the advice for a secret on the command line; undefined for any other value. */
function adviceFor(path: string[], value: string): string | undefined {
  if (isSecret(path, value) && !/^\$\{\w+\}$/.test(value)) return 'use --stdin, or leave out the value'
  if (isSecretText(value)) return 'use --stdin'
  if (!hasLogin(value)) return undefined
  return keyText(path) === 'services.zerodb.endpoint'
    ? 'use --stdin, or set AINATIVE_ZERODB_PASSWORD in place of the password in the URL'
    : "use --stdin, or write '${NAME}' in place of the secret in the URL, and set this environment variable"
}

/** Reads the value from the command line, from standard input, or, for a secret, from the terminal without echo. */
async function readValue(path: string[], { value, stdin }: { value?: string; stdin: boolean }, context: Context): Promise<string> {
  const key = keyText(path)
  if (stdin && value !== undefined) throw usage('config set takes a value or --stdin, not both')
  if (stdin) return (await readText(context.stdin())).replace(/\r?\n$/, '')
  if (value !== undefined) {
    const advice = adviceFor(path, value)
    if (advice) context.note(`warning: this value is visible to other programs and in the history of your shell; ${advice}`)
    return value
  }
  if (!isSecret(path) || !process.stdin.isTTY)
    throw usage('config set needs <value>', `ainative-code config set ${key} --stdin reads the value from standard input`)
  const asker = await openAsker(context.signal)
  try {
    return await asker.ask(`${key}: `, true)
  } finally {
    asker.close()
  }
}
