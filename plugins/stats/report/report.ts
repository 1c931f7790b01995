import { costText, modelText } from '../money.ts'
import { chartsOf } from './charts.ts'
import { element, page, section, table, text } from './html.ts'
import type { ReportData, ReportDay } from './report-data.ts'
import { costRows, countText, tileValues } from './report-texts.ts'

/** Renders a report as one HTML page without scripts or requests, with a light and a dark color scheme. */
export function renderReport(data: ReportData): string {
  const charts = chartsOf(data)
  const tiles = tileValues(data).map(([name, value]) => element('div', element('dt', text(name)) + element('dd', text(value))))
  const about = `${data.scope} · ${data.created_at.slice(0, 10)} · days and hours in ${data.time_zone}`
  return page(`Statistics: ${data.scope}`, [
    element('h1', 'Statistics'),
    element('p', text(about), 'class="about"'),
    element('dl', tiles.join(''), 'class="tiles"'),
    data.totals.messages === 0 ? element('p', 'There are no messages in this selection.') : '',
    section('Messages per day', charts.year),
    section('Messages per hour', charts.hours),
    section('Models', charts.models + modelTable(data)),
    section('Cost', charts.cost + costTable(data)),
    section('Months', monthTable(data)),
    section('Longest sessions', sessionTable(data)),
    section('Days', dayTable(data)),
  ])
}

const MAX_ROWS = 100

function modelTable({ models }: ReportData): string {
  const rows = models
    .slice(0, MAX_ROWS)
    .map((each) => [modelText(each), countText(each.messages), countText(each.input), countText(each.output), costText(each.cost)])
  const remaining = models.length - rows.length
  return table(['Model', 'Messages', 'Input tokens', 'Output tokens', 'Cost'], rows) + moreText(remaining, 'models')
}

const moreText = (remaining: number, things: string) =>
  remaining > 0 ? element('p', `and ${countText(remaining)} more ${things}`, 'class="about"') : ''

function costTable(data: ReportData): string {
  if (data.totals.messages === 0) return ''
  return (
    table(['Source', 'Messages', 'Cost'], costRows(data).slice(0, MAX_ROWS)) +
    moreText(costRows(data).length - MAX_ROWS, 'models without a known price') +
    element('p', text(`Prices as of ${data.prices_date}.`), 'class="about"')
  )
}

function monthTable({ days }: ReportData): string {
  const months = new Map<string, ReportDay>()
  for (const { day, messages, cost } of days) {
    const month = day.slice(0, -3)
    const sum = months.get(month) ?? { day: month, messages: 0 }
    sum.messages += messages
    if (cost !== undefined) sum.cost = (sum.cost ?? 0) + cost
    months.set(month, sum)
  }
  return table(['Month', 'Messages', 'Cost'], dayRows([...months.values()]))
}

const dayTable = ({ days }: ReportData) => {
  const rows = dayRows(days)
  return rows.length === 0
    ? ''
    : element('details', element('summary', `${countText(rows.length)} days`) + table(['Day', 'Messages', 'Cost'], rows))
}

const dayRows = (days: ReportDay[]) =>
  days.map(({ day, messages, cost }) => [
    day,
    countText(messages),
    costText(cost === undefined ? undefined : { amount: cost, currency: 'USD', source: 'computed' }),
  ])

const sessionTable = ({ sessions }: ReportData) =>
  table(
    ['Session', 'ID', 'Messages', 'Cost'],
    sessions.slice(0, MAX_ROWS).map(({ title, id, messages, cost }) => [title, id, countText(messages), costText(cost)]),
  )
