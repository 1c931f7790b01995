import { configFolder, defineCommand, type Host } from 'ainative-code'
import * as z from 'zod'
import { databasePath } from '../sqlite/index.ts'

/** The path of the database, or null if the config is invalid: `config path` must work with an invalid config. */
function databaseOf(host: Host): string | null {
  try {
    return databasePath(host)
  } catch {
    return null
  }
}

const STATES = { own: '', trusted: ' (trusted)', untrusted: ' (not trusted)', 'not needed': ' (defaults only)' }

/** The command `config path`. */
export const path = defineCommand({
  name: 'config path',
  summary: 'Show the paths of the config and the database',
  group: 'Configuration',
  tolerant: true,
  writes: false,
  input: z.object({}),
  run: (_, { host }) => ({ folder: configFolder(host.env), files: host.config.files, database: databaseOf(host) }),
  print: ({ folder, files, database }) =>
    [
      `Config folder: ${folder}`,
      ...files.map(({ file, trust }) => `Config file: ${file}${STATES[trust]}`),
      `Database: ${database ?? 'unknown (invalid config)'}`,
    ]
      .map((line) => `${line}\n`)
      .join(''),
})
