import fs from 'node:fs'
import path from 'node:path'
import { codeOf, defineCommand, expandHome, makeFolder, messageOf, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { formatFiles, providerFiles } from './scaffold.ts'

const KINDS = { format: formatFiles, provider: providerFiles }

/** The command `plugin new`. */
export const newPlugin = defineCommand({
  name: 'plugin new',
  summary: 'Create a plugin and its test',
  group: 'Plugins',
  tolerant: true,
  writes: true,
  fields: ['files'],
  args: ['kind', 'name'],
  input: z.object({
    kind: z.enum(['format', 'provider']).describe('Kind of plugin'),
    name: z.string().describe('Name of the format or provider').meta({ value: 'name' }),
    dir: z
      .string()
      .min(1, 'a folder needs a name')
      .default('.')
      .describe('Folder to write to')
      .meta({ value: 'folder', complete: 'folder' }),
  }),
  examples: ['ainative-code plugin new format org', 'ainative-code plugin new provider echo --dir ~/plugins'],
  run({ kind, name, dir }, { host }) {
    if (!/^[a-z][a-z0-9-]*$/.test(name))
      throw usage(
        `invalid name ${JSON.stringify(name)}, expected lower-case letters, digits and dashes`,
        `ainative-code plugin new ${kind} my-${kind}`,
      )
    if (kind === 'format' ? host.formats().find(name) : host.providers().find(name)) {
      throw new Problem('exists', `there is already a ${kind} ${JSON.stringify(name)}`, { hint: 'choose another name' })
    }
    const folder = path.resolve(expandHome(dir, host.env))
    const { plugin, test } = KINDS[kind](name)
    const files = { [`${name}.ts`]: plugin, [`${name}.test.ts`]: test }
    const entries = Object.entries(files).map(([file, text]): [string, string] => [path.join(folder, file), text])
    writeAll(entries)
    return { files: entries.map(([file]) => file) }
  },
  print: ({ files: [plugin, test] }) =>
    [
      `Wrote ${plugin}`,
      `Wrote ${test}`,
      `Try it: ainative-code run ${test}`,
      'Use it: name it in ~/.config/ainative-code/config.yaml:',
      `  plugins:\n    - ${plugin}\n`,
    ].join('\n'),
})

/** Writes the files. Throws a Problem, before writing anything, if one exists. */
function writeAll(files: [file: string, text: string][]): void {
  const existing = files.find(([file]) => fs.existsSync(file))
  if (existing) throw new Problem('exists', `${existing[0]} already exists`, { hint: 'choose another name, or --dir' })
  for (const [file, text] of files) {
    try {
      makeFolder(path.dirname(file))
      fs.writeFileSync(file, text, { flag: 'wx' })
    } catch (error) {
      throw new Problem('file', `cannot write ${file}: ${codeOf(error) === 'EEXIST' ? 'the file already exists' : messageOf(error)}`, {
        cause: error,
      })
    }
  }
}
