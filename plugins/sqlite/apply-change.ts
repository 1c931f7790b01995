import { type Change, type Json, type NewMessage, Problem, type Session, type SessionFields, stringifyJson } from 'ainative-code'
import { type Kysely, sql, type Updateable } from 'kysely'
import { lastSeq } from './last-seq.ts'
import { fromSessionRow, localOnlyOf, MESSAGE_COLUMNS, messageValues, pinnedOf, toSessionRow } from './rows.ts'
import { foldTitle, type Schema, type SessionRow, storeJson, storeOptionalText, storeText } from './schema.ts'

/**
 * Applies the same change to many sessions with one statement, so that other writers wait less. Returns false, without writing anything,
 * if the changes differ or need more than one statement.
 */
export async function applyTogether(trx: Kysely<Schema>, changes: Change[]): Promise<boolean> {
  const [first] = changes
  if (!first || changes.length < 2) return false
  const { id: _, ...patch } = first
  const json = JSON.stringify(patch)
  const fields = Object.keys(patch).join()
  if (!BULK_FIELDS.includes(fields) || !changes.every(({ id, ...each }) => JSON.stringify(each) === json)) return false
  const ids = sql<string>`(select value from json_each(${JSON.stringify(changes.map(({ id }) => id))}))`
  const pks = trx.selectFrom('sessions').select('pk').where('id', 'in', ids).where('staged', 'is', null)
  if (first.remove) {
    await trx.deleteFrom('messages').where('session', 'in', pks).execute()
    await trx.deleteFrom('sessions').where('pk', 'in', pks).execute()
    return true
  }
  const set = setFields(first.set ?? {})
  if (touches(first)) set.updated_at = Date.now()
  const { addTags: added = [], removeTags: removed = [] } = first
  const tags = { tags: sql<string>`changedTags(tags, ${JSON.stringify(added)}, ${JSON.stringify(removed)})` }
  await trx
    .updateTable('sessions')
    .set({ ...set, ...(added.length + removed.length > 0 && tags) })
    .where('pk', 'in', pks)
    .execute()
  if (removed.length > 0)
    await trx.deleteFrom('session_tags').where('session', 'in', pks).where('tag', 'in', removed.map(storeText)).execute()
  for (const tag of added) {
    await sql`insert or ignore into session_tags (tag, created_at, session) select ${storeText(tag)}, created_at, pk from sessions where pk in ${pks}`.execute(
      trx,
    )
  }
  return true
}

/** The fields of a change that one statement can apply to many sessions, if the change has no other field. */
const BULK_FIELDS = ['set', 'remove', 'addTags', 'removeTags']

/** Computes the tags of a session after some are added and some removed. */
export const changedTags = (tags: string[], added: string[] = [], removed: string[] = []) =>
  [...new Set([...tags, ...added])].filter((tag) => !removed.includes(tag))

/** Applies one change. The caller holds the transaction. Throws a Problem if the session does not exist. */
export async function applyChange(trx: Kysely<Schema>, change: Change): Promise<void> {
  if (change.create) await createSession(trx, change.create)
  const row = await trx.selectFrom('sessions').selectAll().where('id', '=', change.id).where('staged', 'is', null).executeTakeFirst()
  if (!row) throw new Problem('no-session', `the session ${change.id} no longer exists`)
  const { pk } = row
  if (change.expected) checkExpected(change, fromSessionRow({ ...row, pk }))
  if (change.remove) {
    await trx.deleteFrom('messages').where('session', '=', pk).execute()
    await trx.deleteFrom('sessions').where('pk', '=', pk).execute()
    return
  }
  const fields = fieldsOf(change, fromSessionRow({ ...row, pk }))
  const unmatched: NewMessage[] = []
  for (const message of change.replace ?? []) if (!(await replaceMessage(trx, pk, message))) unmatched.push(message)
  const append = [...unmatched, ...(change.append ?? [])]
  let removed = 0
  for (const id of change.removeMessages ?? []) if (await removeMessage(trx, pk, id)) removed++
  for (const { id, hidden } of change.setMessages ?? []) await hideMessage(trx, pk, id, hidden)
  if (append.length > 0) {
    const last = await lastSeq(trx, pk)
    for (const [i, message] of append.entries()) await insertMessage(trx, pk, last + 1 + i, message)
  }
  const growth = append.length - removed
  if (growth !== 0) fields.message_count = row.message_count + growth
  if (touches(change)) fields.updated_at = Math.max(Date.now(), row.updated_at)
  if (Object.keys(fields).length > 0) await trx.updateTable('sessions').set(fields).where('pk', '=', pk).execute()
  if (fields.tags !== undefined) await indexTags(trx, pk, row.created_at, JSON.parse(fields.tags), JSON.parse(row.tags))
}

/** Throws a Problem unless the session is in use and has the values that the change expects. */
function checkExpected({ id, expected = {} }: Change, session: Session): void {
  if (session.deleted_at)
    throw new Problem('no-session', `the session ${id} is in the trash`, { hint: `ainative-code session restore ${id}` })
  const fields = Object.keys(expected) as (keyof typeof expected)[]
  if (fields.every((field) => stringifyJson(session[field]) === stringifyJson(expected[field]))) return
  throw new Problem('changed', `another process changed the session ${id}; nothing was saved`, {
    hint: `ainative-code session show ${id}`,
  })
}

/** True if a change sets `updated_at`. Moving a session to the trash or back, or making it the active session, does not. */
function touches(change: Change): boolean {
  const { deleted_at: _, activated_at: __, ...set } = change.set ?? {}
  const patched = [set, change.setMeta ?? {}, change.unsetMeta ?? [], change.addTags ?? [], change.removeTags ?? []]
  const messages = [change.append, change.replace, change.removeMessages, change.setMessages]
  return !change.create && [...patched, ...messages].some((each) => each !== undefined && Object.keys(each).length > 0)
}

async function createSession(trx: Kysely<Schema>, session: NonNullable<Change['create']>): Promise<void> {
  const { pk } = await trx
    .insertInto('sessions')
    .values({ ...toSessionRow(session), message_count: 0 })
    .returning('pk')
    .executeTakeFirstOrThrow()
  await indexTags(trx, pk, Date.parse(session.created_at), session.tags, [])
}

/** Updates the rows of a session in `session_tags`; writes only the tags that differ. */
async function indexTags(trx: Kysely<Schema>, session: number, created_at: number, after: string[], before: string[]): Promise<void> {
  const [newTags, oldTags] = [new Set(after), new Set(before)]
  const removed = before.filter((tag) => !newTags.has(tag)).map(storeText)
  for (const tag of removed) await trx.deleteFrom('session_tags').where('session', '=', session).where('tag', '=', tag).execute()
  const added = [...newTags].filter((tag) => !oldTags.has(tag)).map((tag) => ({ tag: storeText(tag), created_at, session }))
  for (const row of added) await trx.insertInto('session_tags').values(row).execute()
}

function fieldsOf(change: Change, session: { tags: string[]; metadata: Json }): Updateable<SessionRow> {
  const fields: Updateable<SessionRow> = change.set ? setFields(change.set) : {}
  if (change.addTags || change.removeTags) {
    fields.tags = JSON.stringify(changedTags(session.tags, change.addTags, change.removeTags))
  }
  if (change.setMeta || change.unsetMeta) {
    const removed = new Set(change.unsetMeta)
    // Object.fromEntries() also defines the key `__proto__`.
    const metadata: Json = Object.fromEntries(
      [...Object.entries(session.metadata), ...Object.entries(change.setMeta ?? {})].filter(([key]) => !removed.has(key)),
    )
    fields.metadata = stringifyJson(metadata)
    fields.project = storeOptionalText(typeof metadata.project === 'string' ? metadata.project : null)
    fields.pinned = pinnedOf(metadata)
    fields.local_only = localOnlyOf(metadata)
  }
  return fields
}

function setFields(set: Partial<SessionFields>): Updateable<SessionRow> {
  const time = (iso: string | null) => (iso === null ? null : Date.parse(iso))
  return {
    ...(set.title !== undefined && { title: storeText(set.title), title_key: foldTitle(set.title) }),
    ...(set.status !== undefined && { status: set.status }),
    ...(set.provider !== undefined && { provider: storeOptionalText(set.provider) }),
    ...(set.model !== undefined && { model: storeOptionalText(set.model) }),
    ...(set.activated_at !== undefined && { activated_at: time(set.activated_at) }),
    ...(set.deleted_at !== undefined && { deleted_at: time(set.deleted_at) }),
    ...(set.parent_id !== undefined && { parent_id: set.parent_id }),
    ...(set.forked_message_id !== undefined && { forked_message_id: set.forked_message_id }),
    ...(set.origin !== undefined && { origin: storeJson(set.origin ?? undefined) }),
  }
}

/** Finds the key of the last message with this id: ids come from imported files, so two messages may share one. */
async function findMessage(trx: Kysely<Schema>, session: number, id: string): Promise<number | undefined> {
  const matches = trx.selectFrom('messages').select('pk').where('session', '=', session).where('id', '=', storeText(id))
  return (await matches.orderBy('seq', 'desc').limit(1).executeTakeFirst())?.pk
}

/** The columns that a replacement does not change: the place of the message and whether it is hidden. */
const FIXED_COLUMNS = ['session', 'seq', 'hidden']

/** Replaces a message; false if no message has its id. */
async function replaceMessage(trx: Kysely<Schema>, session: number, message: NewMessage): Promise<boolean> {
  const pk = await findMessage(trx, session, message.id)
  if (pk === undefined) return false
  for (const table of ['chunks', 'replies'] as const) await trx.deleteFrom(table).where('message', '=', pk).execute()
  const values = messageValues(session, 0, message)
  const set = MESSAGE_COLUMNS.flatMap((name, i) => (FIXED_COLUMNS.includes(name) ? [] : [sql`${sql.ref(name)} = ${values[i]}`]))
  await sql`update messages set ${sql.join(set)} where pk = ${pk}`.execute(trx)
  return true
}

/** Removes a message; false if no message has this id. */
async function removeMessage(trx: Kysely<Schema>, session: number, id: string): Promise<boolean> {
  const pk = await findMessage(trx, session, id)
  if (pk === undefined) return false
  await trx.deleteFrom('messages').where('pk', '=', pk).execute()
  return true
}

async function hideMessage(trx: Kysely<Schema>, session: number, id: string, hidden: boolean): Promise<void> {
  const update = trx.updateTable('messages').set({ hidden: hidden ? 1 : null })
  await update.where('session', '=', session).where('id', '=', storeText(id)).execute()
}

async function insertMessage(trx: Kysely<Schema>, session: number, seq: number, message: NewMessage): Promise<void> {
  const values = messageValues(session, seq, message)
  await sql`insert into messages (${sql.join(MESSAGE_COLUMNS.map((name) => sql.ref(name)))}) values (${sql.join(values)})`.execute(trx)
}
