import { configChecks, configReader, defineCommand, type Host, Problem, toJson, userConfigFile } from 'ainative-code'
import * as z from 'zod'
import { keyText, maskedValueAt, parseKey } from './key.ts'

/** The command `config get`. */
export const get = defineCommand({
  name: 'config get',
  summary: 'Show a setting of your config',
  group: 'Configuration',
  tolerant: true,
  writes: false,
  args: ['key'],
  input: z.object({ key: z.string().meta({ complete: 'setting' }) }),
  examples: ['ainative-code config get defaults.limit'],
  async run({ key }, { host }) {
    const path = parseKey(key)
    const { valueAt, checkKey } = await configChecks()
    const { file, values } = await userConfig(host)
    const value = valueAt(values, path)
    if (value !== undefined) return maskedValueAt(path, value)
    await checkKey(host, path)
    throw notSet(path, file)
  },
  print: (value) => `${typeof value === 'string' ? value : toJson(value, 2)}\n`,
})

/** Reads the current config of the user. For a config of code, returns the values that the program read at its start. */
async function userConfig({ config, env }: Host): Promise<{ file: string; values: unknown }> {
  const userFile = config.files.find(({ layer }) => layer === 'user')
  const layer = config.layers.find(({ file }) => file === userFile?.file)
  if (layer && (await configReader()).isCode(layer.file)) return layer
  const { file, get } = await (await userConfigFile()).openUserConfig(env)
  return { file, values: get([]) }
}

/** The Problem of a key that the config file does not set. */
export const notSet = (path: string[], file: string) =>
  new Problem('not-set', `${keyText(path)} is not set in ${file}`, { hint: 'ainative-code config show shows the effective settings' })
