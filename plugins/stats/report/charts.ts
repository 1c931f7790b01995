import { costText, modelText, moneyText } from '../money.ts'
import { plainLine } from '../plain-line.ts'
import type { ReportData, ReportDay } from './report-data.ts'
import { barChart, type Chart, yearChart } from './svg.ts'

const WIDE = 1040
const NARROW = 368

/** Draws the charts of a report as HTML, each for wide and for narrow windows; an empty chart is an empty string. */
export function chartsOf(data: ReportData): Record<'year' | 'hours' | 'models' | 'cost', string> {
  return {
    year: yearOf(data),
    hours: data.totals.messages > 0 ? hoursOf(data) : '',
    models: modelsOf(data),
    cost: costOf(data),
  }
}

const both = (draw: (width: number, narrow: boolean) => Chart) =>
  [draw(WIDE, false), draw(NARROW, true)]
    .map(({ svg, label, height, width }, at) => {
      const size = `viewBox="0 0 ${width} ${height}" style="max-width:${width}px"`
      return `<svg class="${at === 0 ? 'wide' : 'narrow'}" role="img" aria-label="${label}" ${size}>${svg}</svg>`
    })
    .join('\n')

const DAY_MS = 86_400_000
const daysBefore = (day: string, count: number) => new Date(Date.parse(day) - count * DAY_MS).toISOString().slice(0, 10)

/** Draws the year up to the last day with messages, or half a year for narrow windows. */
function yearOf({ days, created_at }: ReportData): string {
  // Imported messages may have timestamps in the future.
  const last = days.findLast(({ day }) => day <= created_at.slice(0, 10)) ?? days.at(-1)
  if (!last) return ''
  const key = `<p class="key">Fewer${[0, 1, 2, 3, 4].map((heat) => ` <i style="background:var(--heat-${heat})"></i>`).join('')} more</p>`
  const draw = (width: number, narrow: boolean) => {
    const first = daysBefore(last.day, narrow ? 181 : 364)
    const visible = days.filter(({ day }) => day >= first && day <= last.day)
    return yearChart(visible, [first, last.day], width)
  }
  return both(draw) + key
}

function hoursOf({ hours }: ReportData): string {
  const names = hours.map((_, hour) => `${hour}:00`)
  return both((width) => barChart({ label: 'Messages per hour of the day', names, values: hours, width, height: 200 }))
}

const MAX_MODELS = 8

/** Draws the models by their cost, or by their number of messages if no cost is known. */
function modelsOf({ models }: ReportData): string {
  const dollars = models.flatMap((each) => {
    const { cost } = each
    return typeof cost === 'object' && cost.currency === 'USD' && cost.amount > 0
      ? [{ each, value: cost.amount, text: costText(cost) }]
      : []
  })
  const counts = models.map((each) => ({ each, value: each.messages, text: each.messages.toLocaleString('en-US') }))
  const bars = (dollars.length > 0 ? dollars : counts).sort((a, b) => b.value - a.value).slice(0, MAX_MODELS)
  if (bars.length === 0) return ''
  const label = dollars.length > 0 ? 'Cost per model' : 'Messages per model'
  return both((width, narrow) =>
    barChart({
      ...{ label, width, height: 30 + bars.length * 28, horizontal: true },
      names: bars.map(({ each }) => plainLine(modelText(each), narrow ? 18 : 36)),
      values: bars.map(({ value }) => value),
      endLabels: bars.map(({ text }) => text),
    }),
  )
}

const MAX_MONTHS = 24

function costOf({ days }: ReportData): string {
  const last = days.findLast(({ cost }) => cost !== undefined)
  if (!last) return ''
  const sums = costByMonth(days)
  return both((width, narrow) => {
    const count = narrow ? MAX_MONTHS / 2 : MAX_MONTHS
    const names = monthsUpTo(last.day, count).filter((month) => month >= (days[0]?.day ?? '').slice(0, 7))
    const values = names.map((month) => sums.get(month) ?? 0)
    return barChart({ label: 'Cost per month', names, values, width, height: 200, axis: (value) => moneyText(value) })
  })
}

function costByMonth(days: ReportDay[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { day, cost = 0 } of days) sums.set(day.slice(0, 7), (sums.get(day.slice(0, 7)) ?? 0) + cost)
  return sums
}

/** The last `count` months up to the month of a day, as YYYY-MM. */
function monthsUpTo(day: string, count: number): string[] {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return Array.from({ length: count }, (_, at) => new Date(Date.UTC(year, month - count + at, 1)).toISOString().slice(0, 7))
}
