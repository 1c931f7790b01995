import { type Context, type Expr, isoTime, type Totals, type TotalsRow } from 'ainative-code'
import { answerQuestions } from '../answer-questions.ts'
import { type CostResult, type Costs, dollarsOf, modelIn } from '../costs.ts'
import { countIn, groupRows, idOf } from '../numbers.ts'
import { measureSelection } from '../overview.ts'
import type { LongSession, Overview } from '../overview-data.ts'
import type { Priced } from '../prices/prices.ts'
import type { ReportData, ReportTotals } from './report-data.ts'

/** Reads and computes the data of a report. */
export async function gatherReportData(context: Context, where: Expr, scope: string): Promise<ReportData> {
  const { numbers, lists, costs, costRows } = await measureSelection(context, where, ['day'])
  const models: Totals = { from: 'messages', where, group: ['provider', 'model'], aggregates: { messages: { count: 'rows' } } }
  const [counts = []] = await answerQuestions(await context.host.store(), [models], context.signal)
  const ofDay = groupRows(costRows, ['day'])
  const messagesOf = new Map(lists.busiest_hours.map(({ hour, messages }) => [hour, messages]))
  return {
    ...{ scope, created_at: isoTime(Date.now()), time_zone: numbers.time_zone, totals: totalsOf(numbers) },
    ...costs.of(costRows),
    models: modelsOf(counts, costRows, costs),
    days: lists.days.map((each) => ({ ...each, cost: dollarsOf(costs.of(ofDay.get(JSON.stringify([each.day])) ?? [])) ?? undefined })),
    hours: Array.from({ length: 24 }, (_, hour) => messagesOf.get(hour) ?? 0),
    sessions: await sessionsOf(lists.longest_sessions, costs, context),
  }
}

function totalsOf(numbers: Overview): ReportTotals {
  const { sessions, messages, average_response_ms: average, p50_response_ms: p50, p95_response_ms: p95 } = numbers
  return {
    ...{ sessions, messages, counted: numbers.counted_messages, streak: numbers.longest_streak_days },
    usage: {
      input: numbers.input_tokens ?? undefined,
      output: numbers.output_tokens ?? undefined,
      cached: numbers.cached_tokens ?? undefined,
      cache_write: numbers.cache_write_tokens ?? undefined,
      cache_write_1h: numbers.cache_write_1h_tokens ?? undefined,
      reasoning: numbers.reasoning_tokens ?? undefined,
    },
    ...(average !== null && p50 !== null && p95 !== null && { response: { average, p50, p95 } }),
  }
}

function modelsOf(counts: TotalsRow[], costRows: TotalsRow[], costs: Costs): ReportData['models'] {
  const parts = groupRows(costRows, ['provider', 'model'])
  const models = counts.map((row) => {
    const part = parts.get(idOf(row, ['provider', 'model'])) ?? []
    const messages = countIn(row, 'messages')
    return { ...modelIn(row), messages, input: sum(part, 'input'), output: sum(part, 'output'), cost: pricedOf(costs.of(part)) }
  })
  return models.sort((a, b) => b.messages - a.messages)
}

/** Sums a number over the rows; undefined if no row has this number. */
function sum(rows: TotalsRow[], name: string): number | undefined {
  const numbers = rows.map((row) => row[name]).filter((value) => typeof value === 'number')
  return numbers.length === 0 ? undefined : numbers.reduce((all, each) => all + each, 0)
}

/** Reduces a cost to one amount: in US dollars, or in the first currency if there is none in dollars. */
function pricedOf({ costs, local }: CostResult): Priced {
  const currency = costs.find((part) => part.currency === 'USD')?.currency ?? costs[0]?.currency
  if (currency === undefined) return local > 0 ? 'local' : undefined
  const parts = costs.filter((part) => part.currency === currency)
  const amount = parts.reduce((all, part) => all + part.amount, 0)
  const source = parts.every((part) => part.source === 'reported') ? 'reported' : 'computed'
  return { amount, currency, source, ...(parts.some(({ estimate }) => estimate) && { estimate: true }) }
}

async function sessionsOf(sessions: LongSession[], costs: Costs, { host, signal }: Context): Promise<ReportData['sessions']> {
  const question = { ...costs.question(['session']), where: { ids: sessions.map(({ id }) => id) } }
  const [rows = []] = await answerQuestions(await host.store(), [question], signal)
  const parts = groupRows(rows, ['session'])
  return sessions.map(({ id, title, messages }) => ({
    id,
    title,
    messages,
    cost: pricedOf(costs.of(parts.get(JSON.stringify([id])) ?? [])),
  }))
}
