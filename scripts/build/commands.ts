import fs from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'ainative-code'

/** What a start needs to know of a command. */
const KEYS = ['name', 'summary', 'aliases', 'group', 'hidden', 'destructive', 'tolerant'] as const

const EXPORT = /^export \{ (\w+) \} from '(\.\/[\w-]+\.ts)'$/

/** The plugins that list their commands in a file command-index.ts, as paths below `root`, with what that file is in the build. */
export async function commandIndexes(root: string): Promise<Record<string, () => Promise<string>>> {
  const files = (await fs.readdir(path.join(root, 'plugins'))).map((name) => `plugins/${name}/command-index.ts`)
  const found = await Promise.all(files.map(async (file) => ((await fs.stat(path.join(root, file)).catch(() => undefined)) ? [file] : [])))
  return Object.fromEntries(found.flat().map((file) => [file, () => indexOf(path.join(root, file))]))
}

async function indexOf(file: string): Promise<string> {
  return commandIndex(await fs.readFile(file, 'utf8'), await import(file))
}

/** The exports of a command-index.ts as entries that load the command's own file when the command is used. */
export function commandIndex(source: string, commands: Record<string, Partial<Pick<Command, (typeof KEYS)[number]>>>): string {
  return source
    .trim()
    .split('\n')
    .map((line) => {
      const [, name = '', file] = EXPORT.exec(line) ?? []
      const command = commands[name]
      if (!command) throw new Error(`a line of command-index.ts is not of the form export { name } from './file.ts': ${line}`)
      const data = JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, command[key]])))
      return `export const ${name} = { ...${data}, load: async () => (await import('${file}')).${name} }\n`
    })
    .join('')
}
