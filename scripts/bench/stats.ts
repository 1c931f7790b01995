import { interleave, median, type Node, ours, plain } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 7
const KINDS = [
  ['session stats', 'all', []],
  ['session stats --by model,month', 'groups', ['--by', 'model,month']],
] as const

type Numbers = Record<string, unknown>

/** Statistics beside a script that asks the same in SQL by hand; `size` names the database. */
export const measureStats = (node: Node, database: string, size: string): Row[] =>
  KINDS.map(([what, kind, flags]) => {
    const runs = interleave(ROUNDS, {
      ours: () => node(ours('session', 'stats', ...flags, '--json'), { database }),
      raw: () => node(plain('stats', database, kind)),
    })
    checkNumbers(what, JSON.parse(runs.ours[0]?.stdout ?? ''), JSON.parse(runs.raw[0]?.stdout ?? ''))
    return ratioRow(`\`${what}\` at ${size} sessions / SQL by hand`, median(runs.ours), median(runs.raw), 1.5)
  })

/** Where both have a number, it is the same; anything else ends the benchmark, since the two sides did not do the same work. */
function checkNumbers(what: string, ours: Numbers | Numbers[], raw: Numbers | Numbers[]): void {
  const [all, expected] = [[ours].flat(), [raw].flat()]
  const differs = (row: Numbers, i: number) =>
    Object.entries(row).some(([name, value]) => name in (all[i] ?? {}) && all[i]?.[name] !== value)
  if (all.length !== expected.length || expected.some(differs)) throw new Error(`${what} and the raw script print different numbers`)
}
