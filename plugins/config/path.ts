import { configFolder, defineCommand, type Host } from 'ainative-code'
import * as z from 'zod'
import { databasePath } from '../sqlite/index.ts'

/** Null where the config that says it has a mistake: this command is how one finds the file. */
function databaseOf(host: Host): string | null {
  try {
    return databasePath(host)
  } catch {
    return null
  }
}

const STATES = { own: '', trusted: ' (trusted)', untrusted: ' (not trusted)', 'not needed': ' (defaults only)' }

export const path = defineCommand({
  name: 'config path',
  summary: 'Show where settings and data lie',
  group: 'Configuration',
  tolerant: true,
  writes: false,
  input: z.object({}),
  run: (_, { host }) => ({ folder: configFolder(host.env), files: host.config.files, database: databaseOf(host) }),
  print: ({ folder, files, database }) =>
    [
      `Config folder: ${folder}`,
      ...files.map(({ file, trust }) => `Config file: ${file}${STATES[trust]}`),
      `Database: ${database ?? 'unknown, since the config has a mistake'}`,
    ]
      .map((line) => `${line}\n`)
      .join(''),
})
