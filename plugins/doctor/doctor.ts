import { type Context, defineCommand, flag, messageOf, Problem } from 'ainative-code'
import * as z from 'zod'
import { remakeIndex } from '../search/index.ts'
import { type Access, accessTo, type Check, type Finding, sqliteHooks } from '../sqlite/index.ts'

/** What was found of one part of the data. */
interface Row {
  check: string
  ok: boolean
  problem?: string
  /** What --fix does, or did. */
  remedy?: string
  fixed?: boolean
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check the database, its counters, its permissions and the search index',
  group: 'Sessions',
  writes: ({ fix, reindex }) => fix || reindex,
  fields: ['check', 'ok', 'problem', 'remedy', 'fixed'],
  input: z.object({
    fix: flag('Mend what can be mended'),
    reindex: flag('Make the search index anew'),
  }),
  formats: ['text', 'json', 'jsonl'],
  async run({ fix, reindex }, context) {
    const access = await accessTo(context.host)
    if (!access) throw new Problem('no-database', 'the store of this configuration is no SQLite database')
    const checks: Check[] = []
    sqliteHooks(context.host).checks.call((check) => checks.push(check))
    if (reindex) await access.guarded(() => remakeIndex(access, context))
    const rows: Row[] = []
    for (const check of checks) rows.push(...(await look(check, access, { fix, context })))
    if (rows.some(({ ok, fixed }) => !ok && !fixed)) context.fail()
    return rows
  },
  print: (rows) => rows.map(lineOf).join(''),
})

async function look(check: Check, access: Access, { fix, context }: { fix: boolean; context: Context }): Promise<Row[]> {
  const findings = await check.find(access).catch((error) => [{ problem: messageOf(error) }] satisfies Finding[])
  if (findings.length === 0) return [{ check: check.name, ok: true }]
  const rows: Row[] = []
  for (const { problem, remedy, fix: mend } of findings as Finding[]) {
    const row: Row = { check: check.name, ok: false, problem, ...(remedy && { remedy }) }
    if (fix && mend) {
      await access.guarded(() => mend(context))
      row.fixed = true
    }
    rows.push(row)
  }
  return rows
}

function lineOf({ check, ok, problem, remedy, fixed }: Row): string {
  if (ok) return `ok       ${check}\n`
  const after = remedy === undefined ? '' : fixed ? ` (mended: ${remedy})` : ` (--fix would ${remedy})`
  return `${fixed ? 'mended' : 'problem'}  ${check}: ${problem}${after}\n`
}
