import { defineCommand, messageOf, userConfigFile } from 'ainative-code'
import * as z from 'zod'
import { storedKeys } from '../providers/index.ts'
import { notSet } from './get.ts'
import { keyText, parseKey } from './key.ts'

/** The command `config unset`. */
export const unset = defineCommand({
  name: 'config unset',
  summary: 'Remove a setting from your config',
  group: 'Configuration',
  tolerant: true,
  writes: true,
  fields: ['key', 'file'],
  args: ['key'],
  input: z.object({ key: z.string().meta({ complete: 'setting' }) }),
  async run({ key }, { host, note }) {
    const path = parseKey(key)
    const config = await (await userConfigFile()).openUserConfig(host.env)
    const value = config.get(path)
    if (!config.unset(path)) throw notSet(path, config.file)
    const { IN_KEYRING, keyOwner, removeKey } = await storedKeys()
    const provider = value === IN_KEYRING ? await keyOwner(host, path) : undefined
    await config.write()
    if (provider !== undefined) await removeKey(host, provider).catch((error) => note(`warning: ${messageOf(error)}`))
    return { key: keyText(path), file: config.file }
  },
  print: ({ key, file }) => `Removed ${key} from ${file}\n`,
})
