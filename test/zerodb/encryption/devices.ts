import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { isoTime, newMessageId } from '../../../core/index.ts'
import { newWords } from '../../../plugins/zerodb/encryption/words.ts'
import { openPostgres, userOn, withAllRights, withServer } from '../../helpers/postgres.ts'
import { type Device, openDevice } from '../sync/device.ts'

export const WORDS = newWords()

/** Opens devices of a new user: each with these words, or without encryption for undefined. They close at the end of the test. */
export async function devicesOf(name: string, ...words: (string[] | undefined)[]): Promise<{ endpoint: string; devices: Device[] }> {
  const endpoint = await userOn(await openPostgres(), name)
  const devices: Device[] = []
  for (const each of words) devices.push(await addDevice(endpoint, each))
  return { endpoint, devices }
}

/** Opens a further device of a user. */
export async function addDevice(endpoint: string, words: string[] | undefined, prepare?: (file: string) => void): Promise<Device> {
  const device = await openDevice('d', endpoint, 0, prepare, words)
  onTestFinished(() => device.close())
  return device
}

const now = isoTime(Date.now())

export const message = (content: string) => ({ id: newMessageId(), role: 'user' as const, content, timestamp: now })

/** A new session with a tag and metadata. */
export const creation = (id: string, title: string, ...contents: string[]) => ({
  id,
  create: {
    ...{ id, title, status: 'active' as const, provider: null, model: null, tags: ['geheimtag'], metadata: { geheimkey: 'geheimwert' } },
    created_at: now,
    updated_at: now,
  },
  append: contents.map(message),
})

/** Every column of every row that the user has on the server, as text. */
export const dump = (endpoint: string): Promise<string> =>
  withServer(endpoint, async ({ db }) => {
    const { rows: tables } = await sql<{
      name: string
    }>`select relname::text as name from pg_class where relnamespace = 'zerodb'::regnamespace and relkind in ('r', 'm')`.execute(db)
    const texts: string[] = []
    for (const { name } of tables)
      if (name !== 'share_key')
        texts.push(
          ...(await sql<{ text: string }>`select t::text as text from ${sql.table(`zerodb.${name}`)} t`.execute(db)).rows.map(
            ({ text }) => text,
          ),
        )
    return texts.join('\n')
  })

/** Runs statements on the rows of the user, as someone who controls the server could. */
export const tamper = (endpoint: string, ...statements: string[]) =>
  withAllRights(endpoint, async ({ db }) => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  })

export const text = async (device: Device) => JSON.stringify(await device.state())
