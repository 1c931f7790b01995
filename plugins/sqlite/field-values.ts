import type { Store } from 'ainative-code'
import type { Connection } from './connection.ts'

/** A prefix followed by this character sorts after every text that starts with the prefix. */
const LAST = '\u{10ffff}'

/**
 * Creates the store's `values` method. Its query finds each value in an index, from the previous value on, so that the number of steps
 * is the number of values and not the number of sessions.
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

/** The table of tags also contains the tags of sessions in the trash and of unfinished imports. */
const IN_USE = `exists (
  select 1 from session_tags join sessions on sessions.pk = session_tags.session
  where session_tags.tag = each.value and staged is null and deleted_at is null
)`
