import fs from 'node:fs'
import type { Home } from './cli.ts'

/** Returns the words that the files of the database still contain, case-insensitive, as UTF-8 or UTF-16. */
export function traces(home: Home, words: string[]): string[] {
  const folder = home.path('.config/ainative-code')
  const names = fs.readdirSync(folder).filter((name) => name.startsWith('sessions.db'))
  const bytes = names.map((name) => fs.readFileSync(`${folder}/${name}`).toString('latin1').toLowerCase())
  const forms = (word: string) =>
    (['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(word, encoding).toString('latin1').toLowerCase())
  return words.filter((word) => forms(word).some((form) => bytes.some((each) => each.includes(form))))
}
