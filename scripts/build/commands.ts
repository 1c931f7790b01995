import fs from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { defaultsOf, fieldsOf } from '../../core/command/command-fields.ts'
import type { Field } from '../../core/contract/field.ts'
import type { AnyCommand } from '../../core/contract/host.ts'

/** The members of a command that a start needs before it loads the command. */
const KEYS = ['name', 'summary', 'aliases', 'argvAliases', 'group', 'hidden', 'destructive', 'tolerant', 'textHint', 'key'] as const

const EXPORT = /^export \{ (\w+(?:, \w+)*) \} from '(\.\/[\w/-]+\.ts)'$/

/** Returns the replacement of each file command-index.ts of a plugin in the build, by its path below `root`. */
export async function commandIndexes(root: string): Promise<Record<string, () => Promise<string>>> {
  const files = (await fs.readdir(path.join(root, 'plugins'))).map((name) => `plugins/${name}/command-index.ts`)
  const found = await Promise.all(files.map(async (file) => ((await fs.stat(path.join(root, file)).catch(() => undefined)) ? [file] : [])))
  return Object.fromEntries(found.flat().map((file) => [file, () => indexOf(path.join(root, file))]))
}

async function indexOf(file: string): Promise<string> {
  return commandIndex(await fs.readFile(file, 'utf8'), await import(file))
}

/** Replaces the exports of a command-index.ts by entries, each of which loads the command's own file when the command is used. */
export function commandIndex(source: string, commands: Record<string, Partial<AnyCommand>>): string {
  return source
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [, names = '', file = ''] = EXPORT.exec(line) ?? []
      return names.split(', ').map((name) => {
        const command = commands[name]
        if (!command) throw new Error(`a line of command-index.ts is not of the form export { name } from './file.ts': ${line}`)
        return entryOf(name, file, command)
      })
    })
    .join('')
}

/** Returns the source of a command's entry: its head, and a loader. */
function entryOf(name: string, file: string, command: Partial<AnyCommand>): string {
  const head = Object.fromEntries(KEYS.map((key) => [key, command[key]]))
  const fields = inputFields(command)
  // A getter, because a start needs the fields of one command only.
  const getter = fields ? `get inputFields() { return ${JSON.stringify(fields)} }, ` : ''
  return `export const ${name} = { ...${JSON.stringify(head)}, ${getter}load: async () => (await import('${file}')).${name} }\n`
}

/** Returns the fields of a command whose input is a function; with these fields, a start without flags builds no schema. */
function inputFields(command: Partial<AnyCommand>): Field[] | undefined {
  if (typeof command.input !== 'function') return undefined
  const fields = fieldsOf(command as AnyCommand)
  if (isDeepStrictEqual(command.input().parse({}), defaultsOf(fields))) return fields
  throw new Error(`${command.name}: the input must be an object with plain defaults`)
}
