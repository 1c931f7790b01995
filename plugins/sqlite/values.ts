import type { Store } from 'ainative-code'
import type { Connection } from './open.ts'

/** After every text that begins with a prefix. */
const LAST = '\u{10ffff}'

/**
 * The values of a field among the sessions in use. Each is found from the one before it by the index, so that it takes as many steps as
 * there are values and not as there are sessions.
 */
export function valuesOf(connection: Connection): Store['values'] {
  return async (field, prefix, limit) => {
    const next = (than: string) => (field === 'tag' ? nextTag(than) : nextOf(field, than))
    const rows = connection
      .prepare(
        `with recursive each (value) as (
          select (${next('>= :from')}) union all
          select (${next('> each.value')}) from each where value is not null and value < :end
        )
        select value from each where typeof(value) = 'text' and value >= :from and value < :end ${field === 'tag' ? `and ${IN_USE}` : ''}
        limit :limit`,
      )
      .all({ from: prefix, end: prefix + LAST, limit }) as { value: string }[]
    return rows.map(({ value }) => value)
  }
}

const nextTag = (than: string) => `select min(tag) from session_tags where tag ${than}`

const nextOf = (field: string, than: string) =>
  `select min(${field}) from sessions where staged is null and deleted_at is null and ${field} ${than}`

/** Tags of the trash and of imports under way lie in the same table. */
const IN_USE = `exists (
  select 1 from session_tags join sessions on sessions.pk = session_tags.session
  where session_tags.tag = each.value and staged is null and deleted_at is null
)`
