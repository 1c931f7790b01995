import { BarChart, HeatmapChart } from 'echarts/charts'
import { CalendarComponent, GridComponent, VisualMapComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { ReportDay } from './report-data.ts'

use([BarChart, HeatmapChart, CalendarComponent, GridComponent, VisualMapComponent, SVGRenderer])

/** The content of an SVG element, its size in pixels, and its label for screen readers. */
export interface Chart {
  svg: string
  label: string
  width: number
  height: number
}

/** The data of a bar chart. */
export interface BarChartData {
  label: string
  names: string[]
  values: number[]
  /** The texts at the ends of the bars. */
  endLabels?: string[]
  width: number
  height: number
  /** Draws horizontal bars. */
  horizontal?: boolean
  /** Formats a value of the axis. */
  axis?(value: number): string
}

const TEXT = { color: 'var(--faint)', fontSize: 12, fontFamily: 'system-ui, sans-serif' }
const LINE = { lineStyle: { color: 'var(--line)' } }

/** The width of the longest name, in pixels, estimated from a wide character: without a browser the text cannot be measured. */
const widthOf = (names: string[]) => Math.max(...names.map(({ length }) => length)) * 7 + 16

/** Draws a bar chart. */
export function barChart({ label, names, values, endLabels, width, height, horizontal = false, axis }: BarChartData): Chart {
  const category = { type: 'category', data: names, axisLabel: TEXT, axisLine: LINE, axisTick: { show: false }, inverse: horizontal }
  const amounts = { type: 'value', axisLabel: { ...TEXT, formatter: axis }, splitLine: LINE, splitNumber: 3, minInterval: axis ? 0 : 1 }
  const ends = {
    show: endLabels !== undefined,
    position: 'right',
    ...TEXT,
    color: 'var(--text)',
    formatter: ({ dataIndex = 0 }) => endLabels?.[dataIndex] ?? '',
  }
  return draw(label, width, height, {
    grid: horizontal
      ? { left: widthOf(names), right: 80, top: 12, bottom: 8, outerBoundsMode: 'none' }
      : { left: 20, right: 8, top: 12, bottom: 8 },
    xAxis: horizontal ? { ...amounts, show: false } : category,
    yAxis: horizontal ? category : amounts,
    series: [{ type: 'bar', data: values, barMaxWidth: horizontal ? 18 : 40, itemStyle: { color: 'var(--bar)' }, label: ends }],
  })
}

/** Draws a calendar: one square per day of a range, one column per week. */
export function yearChart(days: ReportDay[], range: [first: string, last: string], width: number): Chart {
  const [left, top] = [40, 24]
  const weeks = Math.ceil((Date.parse(range[1]) - Date.parse(range[0])) / (7 * 86_400_000)) + 1
  const cell = (width - left - 4) / weeks
  return draw('Messages per day', width, Math.ceil(top + 7 * cell + 4), {
    visualMap: { type: 'piecewise', show: false, dimension: 1, pieces: piecesOf(days) },
    calendar: {
      ...{ range, left, top, cellSize: cell, splitLine: { show: false }, yearLabel: { show: false } },
      itemStyle: { color: 'var(--heat-0)', borderColor: 'var(--page)', borderWidth: 2 },
      dayLabel: { ...TEXT, firstDay: 1, nameMap: ['', 'Mon', '', 'Wed', '', 'Fri', ''] },
      monthLabel: TEXT,
    },
    series: [
      {
        type: 'heatmap',
        coordinateSystem: 'calendar',
        data: days.map(({ day, messages }) => [day, messages]),
        itemStyle: { borderColor: 'var(--page)', borderWidth: 2 },
      },
    ],
  })
}

/** The limits of the four shades: each contains about a quarter of the days. */
function piecesOf(days: ReportDay[]) {
  const counts = days.map(({ messages }) => messages).sort((a, b) => a - b)
  const limits = [1, 2, 3].map((quarter) => counts[Math.floor((counts.length * quarter) / 4)] ?? 0)
  const [first = 0, second = 0, third = 0] = limits
  return [
    { lte: first, color: 'var(--heat-1)' },
    { gt: first, lte: second, color: 'var(--heat-2)' },
    { gt: second, lte: third, color: 'var(--heat-3)' },
    { gt: third, color: 'var(--heat-4)' },
  ]
}

function draw(label: string, width: number, height: number, option: EChartsCoreOption): Chart {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  // The page adds its own SVG element, and the styles at the end concern only the mouse pointer.
  const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('<style'))
  return { svg: inner.replace(/ (class|ecmeta_\w+|pointer-events)="[\w -]*"(?=[^<]*>)/g, ''), label, width, height }
}
