import fs from 'node:fs'
import path from 'node:path'
import { type Home, makeHome } from './cli.ts'
import { databaseOf } from './database.ts'
import { okHere } from './here.ts'

/** Returns a session id of 12 characters for a number. */
export const idOf = (i: number) => i.toString(36).padStart(12, '0')

/** The size of a backup. */
interface Shape {
  sessions: number
  messages?: number
  /** The number of characters in one message. */
  chars?: number
}

/** Returns a session in the JSON form of the guide. */
export const sessionOf = (i: number, { messages = 2, chars = 20 }: Partial<Shape> = {}) => ({
  id: idOf(i),
  title: `Session ${i}`,
  created_at: new Date(1_700_000_000_000 + i * 60_000).toISOString(),
  metadata: { tags: [`tag${i % 10}`] },
  messages: Array.from({ length: messages }, (_, k) => ({
    role: k % 2 ? 'assistant' : 'user',
    content: `${k} `.repeat(Math.ceil(chars / 2)),
    timestamp: new Date(1_700_000_000_000 + i * 60_000 + k * 1000).toISOString(),
  })),
})

/** Returns the text of a backup file. */
export const backup = (shape: Shape) =>
  `[\n${Array.from({ length: shape.sessions }, (_, i) => JSON.stringify(sessionOf(i, shape))).join(',\n')}\n]\n`

/** The databases that `filledHome` made, by the shape of the backup. */
const databases = new Map<string, Buffer>()

/** Returns a home with the sessions of a backup. The sessions are imported once, in this process; each home has a copy of the database. */
export async function filledHome(shape: Shape): Promise<Home> {
  const home = makeHome()
  const made = databases.get(JSON.stringify(shape))
  if (made) {
    fs.mkdirSync(path.dirname(databaseOf(home)), { recursive: true, mode: 0o700 })
    fs.writeFileSync(databaseOf(home), made, { mode: 0o600 })
  } else {
    await okHere(home, 'session', 'import', '-i', home.write('b.json', backup(shape)))
    fs.rmSync(home.path('b.json'))
    databases.set(JSON.stringify(shape), fs.readFileSync(databaseOf(home)))
  }
  return home
}
