import fs from 'node:fs'
import path from 'node:path'
import { codeOf, defineCommand, expandHome, makeFolder, messageOf, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { formatFiles, providerFiles } from './scaffold.ts'

const KINDS = { format: formatFiles, provider: providerFiles }

export const create = defineCommand({
  name: 'plugin new',
  summary: 'Write a first plugin, with its test',
  group: 'Plugins',
  tolerant: true,
  writes: true,
  fields: ['files'],
  args: ['kind', 'name'],
  input: z.object({
    kind: z.enum(['format', 'provider']).describe('What it adds'),
    name: z.string().describe('What that is called').meta({ value: 'name' }),
    dir: z.string().min(1, 'a folder needs a name').default('.').describe('Where to').meta({ value: 'folder', complete: 'folder' }),
  }),
  examples: ['ainative-code plugin new format org', 'ainative-code plugin new provider echo --dir ~/plugins'],
  run({ kind, name, dir }, { host }) {
    if (!/^[a-z][a-z0-9-]*$/.test(name))
      throw usage(`the name ${JSON.stringify(name)} cannot be used`, 'small letters, digits and dashes, such as my-format')
    if (kind === 'format' ? host.formats().find(name) : host.providers().find(name)) {
      throw new Problem('exists', `there is already a ${kind} ${JSON.stringify(name)}`, { hint: 'choose another name' })
    }
    const folder = path.resolve(expandHome(dir, host.env))
    const { plugin, test } = KINDS[kind](name)
    const files = { [`${name}.ts`]: plugin, [`${name}.test.ts`]: test }
    const written = Object.entries(files).map(([file, text]): [string, string] => [path.join(folder, file), text])
    writeAll(written)
    return { files: written.map(([file]) => file) }
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

/** Both, or none. */
function writeAll(files: [file: string, text: string][]): void {
  const taken = files.find(([file]) => fs.existsSync(file))
  if (taken) throw new Problem('exists', `${taken[0]} exists already`, { hint: 'choose another name, or --dir' })
  for (const [file, text] of files) {
    try {
      makeFolder(path.dirname(file))
      fs.writeFileSync(file, text, { flag: 'wx' })
    } catch (error) {
      throw new Problem('file', `cannot write ${file}: ${codeOf(error) === 'EEXIST' ? 'it exists already' : messageOf(error)}`, {
        cause: error,
      })
    }
  }
}
