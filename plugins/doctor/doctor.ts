import { type Context, defineCommand, flag, messageOf, Problem } from 'ainative-code'
import * as z from 'zod'
import { rebuildIndex } from '../search/index.ts'
import { type Access, accessTo, type Check, type Finding, sqliteHooks } from '../sqlite/index.ts'

/** The result of a check: one row per problem, or one row without a problem. */
interface Row {
  check: string
  ok: boolean
  problem?: string
  /** The action of --fix, such as `recount the messages`. */
  remedy?: string
  fixed?: boolean
}

/** The command `doctor`. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check the database and the search index',
  group: 'Sessions',
  writes: ({ fix, reindex }) => fix || reindex,
  fields: ['check', 'ok', 'problem', 'remedy', 'fixed'],
  input: z.object({
    fix: flag('Fix the problems that can be fixed'),
    reindex: flag('Rebuild the search index'),
  }),
  formats: ['text', 'json', 'jsonl'],
  async run({ fix, reindex }, context) {
    const access = await accessTo(context.host)
    if (!access) throw new Problem('no-database', 'doctor needs a SQLite database, but another plugin provides the store')
    const checks: Check[] = []
    sqliteHooks(context.host).checks.call((check) => checks.push(check))
    if (reindex) await access.withProblems(() => rebuildIndex(access, context))
    const rows: Row[] = []
    for (const check of checks) rows.push(...(await runCheck(check, access, { fix, context })))
    if (rows.some(({ ok, fixed }) => !ok && !fixed)) context.fail()
    return rows
  },
  print: (rows) => rows.map(lineOf).join(''),
})

async function runCheck(check: Check, access: Access, { fix, context }: { fix: boolean; context: Context }): Promise<Row[]> {
  const findings = await check.find(access).catch((error) => [{ problem: messageOf(error) }] satisfies Finding[])
  if (findings.length === 0) return [{ check: check.name, ok: true }]
  const rows: Row[] = []
  for (const { problem, remedy, fix: applyFix } of findings as Finding[]) {
    const row: Row = { check: check.name, ok: false, problem, ...(remedy && { remedy }) }
    if (fix && applyFix) {
      await access.withProblems(() => applyFix(context))
      row.fixed = true
    }
    rows.push(row)
  }
  return rows
}

function lineOf({ check, ok, problem, remedy, fixed }: Row): string {
  if (ok) return `ok       ${check}\n`
  const after = remedy === undefined ? '' : fixed ? ` (done: ${remedy})` : ` (--fix would ${remedy})`
  return `${fixed ? 'fixed  ' : 'problem'}  ${check}: ${problem}${after}\n`
}
