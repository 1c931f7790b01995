import { defineCommand, userConfigFile } from 'ainative-code'
import * as z from 'zod'
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
  async run({ key }, { host }) {
    const path = parseKey(key)
    const config = await (await userConfigFile()).openUserConfig(host.env)
    if (!config.unset(path)) throw notSet(path, config.file)
    await config.write()
    return { key: keyText(path), file: config.file }
  },
  print: ({ key, file }) => `Removed ${key} from ${file}\n`,
})
