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
import { isSecret, isSecretText, keyText, parseKey } from './key.ts'
import { valuesOf } from './value.ts'

export const set = defineCommand({
  name: 'config set',
  summary: 'Change a setting of your own config',
  group: 'Configuration',
  tolerant: true,
  writes: true,
  fields: ['key', 'file'],
  args: ['key', 'value'],
  input: z.object({
    key: z.string().meta({ complete: 'setting' }),
    value: z.string().optional().meta({ complete: 'setting-value' }),
    stdin: flag('Read the value from standard input, as for a secret'),
  }),
  examples: [
    'ainative-code config set defaults.limit 20',
    'ainative-code config set defaults.tags go,api',
    'pass show openai | ainative-code config set llm.openai.api_key --stdin',
  ],
  async run({ key, ...given }, context) {
    const { host } = context
    const path = parseKey(key)
    await (await configChecks()).checkKey(host, path)
    const own = await (await userConfigFile()).openUserConfig(host.env)
    const text = await readValue(path, given, context)
    let first: Problem | undefined
    for (const value of await valuesOf(text)) {
      own.set(path, value)
      const problem = await (await configChecks()).mistakeIn(host, own.get([]) as Config, own.file, path)
      first ??= problem
      if (problem) continue
      await own.write()
      return { key: keyText(path), file: own.file }
    }
    throw first
  },
  print: ({ key, file }) => `Set ${key} in ${file}\n`,
})

/** The value from the command line, from standard input or, for a secret, from the terminal without showing it. */
async function readValue(path: string[], { value, stdin }: { value?: string; stdin: boolean }, context: Context): Promise<string> {
  const key = keyText(path)
  if (stdin && value !== undefined) throw usage('config set takes a value or --stdin, not both')
  if (stdin) return (await readText(context.stdin())).replace(/\r?\n$/, '')
  if (value !== undefined) {
    if (isSecretText(value) || (isSecret(path) && !/^\$\{\w+\}$/.test(value)))
      context.note(`warning: other programs and the history of your shell can see this value; --stdin or no value keeps it from them`)
    return value
  }
  if (!isSecret(path) || !process.stdin.isTTY)
    throw usage('config set needs <value>', `ainative-code config set ${key} --stdin reads it from standard input`)
  const asker = await openAsker(context.signal)
  try {
    return await asker.ask(`${key}: `, true)
  } finally {
    asker.close()
  }
}
