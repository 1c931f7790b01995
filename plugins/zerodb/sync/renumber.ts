import type { Connection } from '../../sqlite/index.ts'

/** Numbers the messages of a session from 1 by their places, so that all devices show the same numbers. */
export function renumber(connection: Connection, session: number): void {
  const rows = connection
    .prepare(
      `select m.pk, m.seq from messages m left join sync_messages s on s.message = m.pk where m.session = ? order by coalesce(s.place, 'g'), s.key, m.seq`,
    )
    .all(session) as { pk: number; seq: number }[]
  connection.prepare('update sessions set message_count = ? where pk = ?').run(rows.length, session)
  if (rows.every(({ seq }, i) => seq === i + 1)) return
  const move = connection.prepare('update messages set seq = ? where pk = ?')
  // Numbers are unique within a session, so the rows get temporary negative numbers first.
  for (const [i, { pk }] of rows.entries()) move.run(-1 - i, pk)
  for (const [i, { pk }] of rows.entries()) move.run(i + 1, pk)
}
