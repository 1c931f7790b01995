import {
  type Context,
  defineCommand,
  type Expr,
  findIds,
  hasSelection,
  once,
  resolveSelection,
  Selection,
  usage,
  wholeNumber,
} from 'ainative-code'
import * as z from 'zod'
import { breakdown } from './breakdown.ts'
import { parseKeys } from './keys.ts'
import { FORMATS, formatFor, isFile, writeResult } from './output.ts'
import { overview } from './overview.ts'
import { scopeOf } from './report-scope.ts'
import { sessionStats } from './session-stats.ts'
import type { StatsResult } from './stats-result.ts'

const Input = once(() =>
  Selection().extend({
    ids: z.array(z.string()).default([]).meta({ value: 'id' }),
    by: z.string().optional().meta({
      description:
        'Group by provider, model, project, tag, day, week, month, hour, weekday, role or finish, or by two of these, such as model,month',
      value: 'key',
      complete: 'group',
    }),
    top: wholeNumber(1).optional().meta({ description: 'Show only this many groups, those with the most messages', value: 'count' }),
    output: z
      .string()
      .min(1, 'a file needs a name')
      .optional()
      .meta({ description: 'Write to a file: .html, .json, .jsonl or .csv', alias: 'o', value: 'file' }),
  }),
)

/** The print functions of results. They are not part of the data, which is converted to JSON and stored in `$_`. */
const printers = new WeakMap<object, StatsResult['print']>()

/** The command `session stats`. */
export const stats = defineCommand({
  name: 'session stats',
  summary: 'Show counts, tokens, times and costs of sessions',
  group: 'Sessions',
  argvAliases: ['sessions stats'],
  writes: ({ output }) => isFile(output),
  fields: [
    'file',
    'sessions',
    'messages',
    'total_tokens',
    'input_tokens',
    'output_tokens',
    'cost_usd',
    'first_message',
    'last_message',
    'days',
  ],
  args: ['ids'],
  input: Input,
  formats: FORMATS,
  styled: true,
  examples: [
    'ainative-code session stats abc123def456',
    'ainative-code session stats --since 30d --by model,day',
    'ainative-code session stats --format html -o report.html',
  ],
  async run(input, base) {
    const { output } = input
    const context = { ...base, format: formatFor(output, base) }
    const result = await collect(input, context)
    if (isFile(output)) return writeResult(result, output, context)
    printers.set(result.data, result.print)
    return result.data
  },
  print: (data, view) => printers.get(data)?.(view) ?? ('file' in data ? `Wrote ${data.file}\n` : ''),
})

type Input = z.output<ReturnType<typeof Input>>

async function collect(input: Input, context: Context): Promise<StatsResult> {
  const { ids: words, by, top } = input
  if (words.length > 0 && hasSelection(input))
    throw usage('session stats takes ids or selection flags, not both', `remove ${JSON.stringify(words[0])}, or the flags`)
  if (top !== undefined && by === undefined) throw usage('--top needs --by', 'ainative-code session stats --by model --top 5')
  const isReport = context.format === 'html'
  if (isReport && by !== undefined)
    throw usage('--format html and --by cannot be combined', 'ainative-code session stats --by model --format csv')
  const keys = by === undefined ? undefined : parseKeys(by)
  const ids = words.length > 0 ? await findIds(context, words) : undefined
  if (ids && !keys && !isReport) return sessionStats(context, ids)
  const where = ids ? { ids } : await resolveSelection(context, input)
  if (isReport) return report(context, where, scopeOf(input, ids))
  return keys ? breakdown(context, where, keys, top) : overview(context, where)
}

async function report(context: Context, where: Expr, scope: string): Promise<StatsResult> {
  const { gatherReportData } = await import('./report/gather-data.ts')
  const data = await gatherReportData(context, where, scope)
  return { data, print: async () => (await import('./report/report.ts')).renderReport(data) }
}
