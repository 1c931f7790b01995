import { codeOf } from 'ainative-code'
import { sql } from 'kysely'
import type { Server } from '../connect.ts'
import type { Stage } from './stage.ts'

/** An attack that needs more than SQL statements. `run` returns what the attacker got, or undefined if the server refused. */
export interface Attack {
  name: string
  run(stage: Stage): Promise<string | undefined>
}

/** Returns the rows of a statement as JSON, or the SQLSTATE of its error. */
const answerOf = ({ db }: Server, statement: string): Promise<string> =>
  sql
    .raw(statement)
    .execute(db)
    .then(
      ({ rows }) => JSON.stringify(rows),
      (error) => String(codeOf(error)),
    )

/** Compares the plans for rows of the victim with the plans for rows that do not exist, also without scans of whole tables. */
async function differentPlans({ admin, attacker, victim, secret }: Stage, explain: string): Promise<string | undefined> {
  await sql`analyze zerodb.session, zerodb.message, zerodb.share`.execute(admin.db).catch(() => undefined)
  const differences: string[] = []
  for (const scans of ['off', 'on']) {
    await sql`set enable_seqscan = ${sql.lit(scans)}`.execute(attacker.db)
    for (const [table, column, value] of [
      ['session', 'owner', victim.user],
      ['session', 'id', secret],
      ['message', 'owner', victim.user],
      ['message', 'session', secret],
      ['share', 'owner', victim.user],
    ] as const) {
      const plan = (text: string) => answerOf(attacker, `${explain} select * from zerodb.${table} where ${column} = '${text}'`)
      const nobody = 'x'.repeat(value.length)
      if ((await plan(value)).replaceAll(value, nobody) !== (await plan(nobody))) differences.push(`${table}.${column}`)
    }
  }
  return differences.length > 0 ? `EXPLAIN reveals rows of other users: ${differences.join(', ')}` : undefined
}

/** Attacks that compare the answers for existing rows with the answers for rows that do not exist. */
export const SIDE_CHANNELS: readonly Attack[] = [
  {
    name: 'count rows with the estimates of EXPLAIN',
    run: (stage) => differentPlans(stage, 'explain (format json)'),
  },
  {
    name: 'count rows with the rows that EXPLAIN ANALYZE removes',
    run: (stage) => differentPlans(stage, 'explain (analyze, format json, timing off, summary off, buffers off)'),
  },
  {
    name: 'find keys with the errors of INSERT',
    async run({ attacker, victim, secret }) {
      const insert = (id: string, rev: number) =>
        answerOf(attacker, `insert into zerodb.session values ('${victim.user}', '${id}', ${rev}, '{}')`)
      const foreign = (share: string) => answerOf(attacker, `insert into zerodb.share_key values ('${share}', '${attacker.user}', 'x')`)
      const { id } = await victim.db.selectFrom('zerodb.share').select('id').executeTakeFirstOrThrow()
      const same = (await insert(secret, 1)) === (await insert('nothing', 999)) && (await foreign(id)) === (await foreign('nothing'))
      return same ? undefined : 'errors reveal which keys exist'
    },
  },
]
