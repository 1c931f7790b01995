import fs from 'node:fs'
import { expect } from 'vitest'
import type { Home, RunOptions } from './cli.ts'
import { okHere } from './here.ts'

/** A message in a file to import. */
export interface MessageFile {
  role: string
  content: string
  timestamp?: string
  [key: string]: unknown
}

/** A session in a file to import. */
export interface SessionFile {
  id: string
  title: string
  created_at?: string
  updated_at?: string
  metadata?: { tags?: string[]; [key: string]: unknown }
  messages: MessageFile[]
  [key: string]: unknown
}

/** Returns a time on a day of January 2024. */
export const day = (number: number, hour = 10, minute = 30) =>
  new Date(Date.UTC(2024, 0, number, hour, minute)).toISOString().replace('.000', '')

/** Returns a session in the JSON form of the guide. `number` is also the day of January 2024 of its creation. */
export const sample = (number: number, fields: Partial<SessionFile> = {}): SessionFile => ({
  id: `sample${String(number).padStart(6, '0')}`,
  title: `Session ${number}`,
  created_at: day(number),
  updated_at: day(number),
  provider: 'anthropic',
  model: 'claude-3-5-sonnet-20241022',
  metadata: { tags: [] },
  messages: [],
  ...fields,
})

/** Returns this many sample sessions. */
export const samples = (count: number, fields: Partial<SessionFile> = {}) => Array.from({ length: count }, (_, i) => sample(i + 1, fields))

/** Returns messages of a user and an assistant in turn, one minute apart. */
export const talk = (...texts: string[]): MessageFile[] =>
  texts.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content, timestamp: day(1, 10, i) }))

/** Imports these sessions in this process, and returns their ids. */
export async function seed(home: Home, ...sessions: SessionFile[]): Promise<string[]> {
  await okHere(home, 'session', 'import', '-i', home.write('seed.json', JSON.stringify(sessions)))
  return sessions.map(({ id }) => id)
}

/** Imports a text from standard input. */
export const importText = (home: Home, input: string | Buffer, ...flags: string[]) =>
  home.runWith({ input }, 'session', 'import', '-i', '-', ...flags)

/** Returns the titles in the output of `session list`. */
export const titles = async (home: Home, ...flags: string[]) =>
  (await home.json<{ title: string }[]>('session', 'list', '--format', 'json', ...flags)).map(({ title }) => title)

/** Runs a command that must fail with this code and print no result. Returns its standard error. */
export async function failure(home: Home, code: number, argv: string[], options?: RunOptions): Promise<string> {
  const result = await (options ? home.runWith(options, ...argv) : home.run(...argv))
  expect({ argv, code: result.code, stdout: result.stdout }).toEqual({ argv, code, stdout: '' })
  return result.stderr
}

/** Runs lines of a script, piped to standard input. */
export const script = (home: Home, ...lines: string[]) => home.runWith({ input: `${lines.join('\n')}\n` })

/** Quotes a word for a POSIX shell and for the prompt. */
export const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** Returns the names of the files in a home or in one of its folders, without files of the program and of seed(). */
export const filesIn = (home: Home, folder = '.') =>
  fs
    .readdirSync(home.path(folder))
    .filter((name) => !/^(\.config|\.cache|seed\.json)$/.test(name))
    .sort()
