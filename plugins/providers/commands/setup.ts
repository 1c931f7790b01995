import { type Context, defineCommand, flag, type Provider, readText, usage, userConfigFile } from 'ainative-code'
import * as z from 'zod'
import { askSettings } from '../setup/ask.ts'
import { checkedKey, type Plan, setupOf } from '../setup/plan.ts'
import { withSettings } from '../setup/trial.ts'
import { IN_KEYRING, storeKey } from '../stored-key.ts'
import { testRequest } from './test.ts'

/** The command `provider setup`. */
export const setup = defineCommand({
  name: 'provider setup',
  summary: 'Set up a provider: its key, a test call, the default',
  group: 'Chat',
  args: ['name'],
  fields: ['provider', 'default', 'file', 'keyring'],
  input: z.object({
    name: z.string().optional().meta({ complete: 'provider' }),
    keyStdin: flag('Read the key from standard input'),
    default: flag('Make this provider the default'),
    test: z.boolean().default(true).describe('Save without a test request'),
  }),
  examples: ['ainative-code provider setup', 'pass show openai | ainative-code provider setup openai --key-stdin'],
  async run({ name, keyStdin, default: makesDefault, test }, context) {
    const { host, note } = context
    const config = await (await userConfigFile()).openUserConfig(host.env)
    if (keyStdin && name === undefined) throw usage('--key-stdin needs a provider name', 'ainative-code provider setup openai --key-stdin')
    const provider = name === undefined ? undefined : host.providers().get(name)
    const plan = keyStdin
      ? await planFromStdin(provider as Provider, makesDefault, context)
      : await askSettings(provider, { makesDefault, test }, context)
    if (keyStdin && test) await withSettings(host, plan, () => testRequest(host, plan.provider.name, context.signal, note))
    const settings = await withStoredKey(plan, context)
    for (const [key, value] of Object.entries(settings)) config.set(['llm', plan.provider.name, key], value)
    if (plan.makesDefault) config.set(['llm', 'default_provider'], plan.provider.name)
    await config.write()
    return { provider: plan.provider.name, default: plan.makesDefault, file: config.file, keyring: settings.api_key === IN_KEYRING }
  },
  print: ({ provider, default: isDefault, file, keyring }) =>
    `${provider} is set up${isDefault ? ' and is the default' : ''}: ${file}\n${keyring ? 'Its key is in the keyring.\n' : ''}Try: ainative-code chat ${isDefault ? '' : `--provider ${provider} `}"Hello"\n`,
})

/** Stores the key of a plan, and returns the settings for the config. */
async function withStoredKey({ provider, settings }: Plan, context: Context): Promise<Record<string, string>> {
  const { api_key } = settings
  return api_key === undefined ? settings : { ...settings, api_key: await storeKey(provider.name, api_key, context) }
}

async function planFromStdin(provider: Provider, makesDefault: boolean, { stdin }: Context): Promise<Plan> {
  const { variables } = await setupOf(provider)
  if (!variables) throw usage(`${provider.name} has no API key`, `ainative-code provider setup ${provider.name} asks for its settings`)
  return { provider, settings: { api_key: checkedKey((await readText(stdin())).trim()) }, makesDefault }
}
