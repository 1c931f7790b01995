import { configFolder, defineCommand } from 'ainative-code'
import * as z from 'zod'
import { databasePath } from '../sqlite/index.ts'

const STATES = { own: '', trusted: ' (trusted)', untrusted: ' (not trusted)', 'not needed': ' (defaults only)' }

export const path = defineCommand({
  name: 'config path',
  summary: 'Show where settings and data lie',
  input: z.object({}),
  run: (_, { host }) => {
    const configured = host.block('storage').path
    return {
      folder: configFolder(host.env),
      files: host.config.files,
      database: databasePath(host.env, typeof configured === 'string' ? configured : undefined),
    }
  },
  print: ({ folder, files, database }) =>
    [`Config folder: ${folder}`, ...files.map(({ file, trust }) => `Config file: ${file}${STATES[trust]}`), `Database: ${database}`]
      .map((line) => `${line}\n`)
      .join(''),
})
