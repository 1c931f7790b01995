import { defineCommand, userConfigFile } from 'ainative-code'
import * as z from 'zod'
import { notSet } from './get.ts'
import { keyText, parseKey } from './key.ts'

export const unset = defineCommand({
  name: 'config unset',
  summary: 'Remove a setting from your own config',
  group: 'Configuration',
  tolerant: true,
  writes: true,
  fields: ['key', 'file'],
  args: ['key'],
  input: z.object({ key: z.string().meta({ complete: 'setting' }) }),
  async run({ key }, { host }) {
    const path = parseKey(key)
    const own = await (await userConfigFile()).openUserConfig(host.env)
    if (!own.unset(path)) throw notSet(path, own.file)
    await own.write()
    return { key: keyText(path), file: own.file }
  },
  print: ({ key, file }) => `Removed ${key} from ${file}\n`,
})
