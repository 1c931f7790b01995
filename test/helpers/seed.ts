import fs from 'node:fs'
import { expect } from 'vitest'
import type { Home, RunOptions } from './cli.ts'
import { okHere } from './here.ts'

export interface MessageFile {
  role: string
  content: string
  timestamp?: string
  [key: string]: unknown
}

/** A session as it stands in a file. */
export interface SessionFile {
  id: string
  title: string
  created_at?: string
  updated_at?: string
  metadata?: { tags?: string[]; [key: string]: unknown }
  messages: MessageFile[]
  [key: string]: unknown
}

export const day = (number: number, hour = 10, minute = 30) =>
  new Date(Date.UTC(2024, 0, number, hour, minute)).toISOString().replace('.000', '')

/** A session in the guide's JSON form, made on the day of January 2024 that its number names. */
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

export const samples = (count: number, fields: Partial<SessionFile> = {}) => Array.from({ length: count }, (_, i) => sample(i + 1, fields))

/** Messages of a user and an assistant in turn, a minute apart. */
export const talk = (...texts: string[]): MessageFile[] =>
  texts.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content, timestamp: day(1, 10, i) }))

/** Imports these sessions in this process; gives their ids. */
export async function seed(home: Home, ...sessions: SessionFile[]): Promise<string[]> {
  await okHere(home, 'session', 'import', '-i', home.write('seed.json', JSON.stringify(sessions)))
  return sessions.map(({ id }) => id)
}

/** Imports a text from standard input. */
export const importText = (home: Home, input: string | Buffer, ...flags: string[]) =>
  home.runWith({ input }, 'session', 'import', '-i', '-', ...flags)

/** The titles that a list shows. */
export const titles = async (home: Home, ...flags: string[]) =>
  (await home.json<{ title: string }[]>('session', 'list', '--format', 'json', ...flags)).map(({ title }) => title)

/** Standard error of a command that must end with this code and print no result. */
export async function failure(home: Home, code: number, argv: string[], options: RunOptions = {}): Promise<string> {
  const result = await home.runWith(options, ...argv)
  expect({ argv, code: result.code, stdout: result.stdout }).toEqual({ argv, code, stdout: '' })
  return result.stderr
}

/** Runs lines at the prompt, as piped standard input. */
export const script = (home: Home, ...lines: string[]) => home.runWith({ input: `${lines.join('\n')}\n` })

/** A word quoted for a POSIX shell, and so for the prompt. */
export const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** The names in a home, or in a folder of it, but for those that the program and seed() made there. */
export const filesIn = (home: Home, folder = '.') =>
  fs
    .readdirSync(home.path(folder))
    .filter((name) => !/^(\.config|\.cache|seed\.json)$/.test(name))
    .sort()
