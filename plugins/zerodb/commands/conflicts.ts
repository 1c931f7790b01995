import { type Context, defineCommand, findId, isoTime, Problem, stringifyJson, table, usage, wholeNumber } from 'ainative-code'
import * as z from 'zod'
import { type Access, accessTo } from '../../sqlite/index.ts'
import { type Conflict, changeFor, readConflicts } from '../sync/read-conflicts.ts'

/** A conflict, as the command shows it. */
type Row = Omit<Conflict, 'kind' | 'key' | 'body'>

/** The command `session conflicts`. */
export const conflicts = defineCommand({
  name: 'session conflicts',
  summary: 'List conflicts: values that a newer change of another device replaced',
  group: 'Sync',
  argvAliases: ['sessions conflicts'],
  writes: ({ take }) => take !== undefined,
  args: ['id'],
  input: z.object({
    id: z.string().optional().meta({ complete: 'id' }),
    take: wholeNumber(1).optional().describe('Restore the value with this number').meta({ value: 'n' }),
  }),
  formats: ['table', 'json', 'jsonl', 'csv'],
  fields: ['n', 'session', 'title', 'field', 'message', 'lost', 'kept', 'found_at'],
  examples: ['ainative-code session conflicts', 'ainative-code session conflicts --take 3'],
  async run({ id: word, take: n }, context): Promise<Row[]> {
    const access = await accessTo(context.host)
    if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
    const id = word === undefined ? undefined : await findId(context, word)
    const found = readConflicts(access.connection, id).filter((each) => n === undefined || each.n === n)
    if (n !== undefined) await take(access, context, found[0], n)
    if (found.length === 0) context.note('no conflicts on this device; another device may list some')
    return found.map(({ kind: _, key: __, body: ___, ...row }) => row)
  },
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'N', value: ({ n }) => n },
        { title: 'SESSION', value: ({ session }) => session },
        { title: 'FIELD', value: ({ field }) => field },
        { title: 'LOST', value: ({ lost }) => textOf(lost), flexible: true },
        { title: 'KEPT', value: ({ kept }) => textOf(kept), flexible: true },
      ],
      view,
    ),
})

const textOf = (value: unknown) => (typeof value === 'string' ? value : value === null ? '(none)' : stringifyJson(value))

/** Restores a value as a new change, and removes the conflict. */
async function take({ connection, write }: Access, { host, note }: Context, conflict: Conflict | undefined, n: number): Promise<void> {
  if (!conflict) throw usage(`unknown conflict ${n}`, 'ainative-code session conflicts lists them')
  await (await host.store()).save([changeFor(conflict)])
  await write(async () => connection.prepare('delete from sync_conflicts where n = ?').run(n))
  note(`restored the ${conflict.field} of ${conflict.session} at ${isoTime(Date.now())}`)
}
