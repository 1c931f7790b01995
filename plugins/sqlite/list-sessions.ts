import { codeOf, type Plan, type Session } from 'ainative-code'
import type { Selectable } from 'kysely'
import sql from 'sql-template-tag'
import { damagedProblem } from './database-problem.ts'
import { type Cursor, cursorOf, keyQuery, pageQuery } from './plan.ts'
import type { Query } from './query.ts'
import { fromSessionRow } from './rows.ts'
import type { SessionRow } from './schema.ts'
import { yieldToEvents } from './yield.ts'

const PAGE = 200
const MAX_NAMES = 100

type Row = Selectable<SessionRow>

interface Page {
  sessions: Session[]
  /** The cursor of the next page; undefined at the end of the list. */
  next: Cursor | undefined
  /** The keys of rows that cannot be read. */
  lost: number[]
}

/** Yields the sessions of a plan, read page by page. After all readable sessions, throws a Problem that names the damaged ones. */
export async function* listSessions(query: Query, plan: Plan, file: string): AsyncGenerator<Session> {
  let left = plan.limit ?? Number.POSITIVE_INFINITY
  let cursor: Cursor | undefined
  const lost: number[] = []
  while (left > 0) {
    const size = Math.min(PAGE, left)
    const page = await readPage(query, plan, size, cursor)
    yield* page.sessions
    lost.push(...page.lost)
    left -= size
    cursor = page.next
    if (!cursor) break
    await yieldToEvents()
  }
  if (lost.length > 0) throw damagedProblem(file, undefined, await namesOf(query, lost))
}

async function readPage(query: Query, plan: Plan, size: number, cursor: Cursor | undefined): Promise<Page> {
  try {
    const rows = await query<Row>(pageQuery(plan, size, cursor))
    const last = rows.length < size ? undefined : rows.at(-1)
    return { sessions: rows.map(fromSessionRow), next: last && cursorOf(plan, last), lost: [] }
  } catch (error) {
    if (!codeOf(error)?.startsWith('SQLITE_CORRUPT')) throw error
    return readRows(query, await query<Cursor>(keyQuery(plan, size, cursor)), size)
  }
}

/** Reads the rows of a page one by one. The keys come from an index, which may be intact while the table is damaged. */
async function readRows(query: Query, keys: Cursor[], size: number): Promise<Page> {
  const page: Page = { sessions: [], next: keys.length < size ? undefined : keys.at(-1), lost: [] }
  for (const { pk } of keys) {
    try {
      const rows = await query<Row>(sql`select * from sessions where pk = ${pk}`)
      page.sessions.push(fromSessionRow(rows[0] as Row))
    } catch {
      page.lost.push(pk)
    }
  }
  return page
}

/** Describes damaged sessions by their ids, or by their number if the index of ids is damaged too. */
async function namesOf(query: Query, lost: number[]): Promise<string> {
  const rows = query<{ id: string }>(
    sql`select id from sessions indexed by sessions_by_id where staged is null and pk in (select value from json_each(${JSON.stringify(lost)}))`,
  )
  const ids = await rows.then(
    (found) => found.map(({ id }) => id),
    () => [],
  )
  if (ids.length === 0) return lost.length === 1 ? 'a session' : `${lost.length} sessions`
  const more = ids.length > MAX_NAMES ? ` and ${ids.length - MAX_NAMES} more` : ''
  return `${ids.length === 1 ? 'session' : 'sessions'} ${ids.slice(0, MAX_NAMES).join(', ')}${more}`
}
