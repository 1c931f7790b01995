import { median, plainScript, program, type RunNode, runInTurn } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 7
const KINDS = [
  ['session stats', 'all', []],
  ['session stats --by model,month', 'groups', ['--by', 'model,month']],
] as const

type Numbers = Record<string, unknown>

/** Measures statistics, compared with a script of the same SQL written by hand. `size` describes the database. */
export const measureStats = (node: RunNode, database: string, size: string): Row[] =>
  KINDS.map(([what, kind, flags]) => {
    const runs = runInTurn(ROUNDS, {
      ours: () => node(program('session', 'stats', ...flags, '--json'), { database }),
      raw: () => node(plainScript('stats', database, kind)),
    })
    checkNumbers(what, JSON.parse(runs.ours[0]?.stdout ?? ''), JSON.parse(runs.raw[0]?.stdout ?? ''))
    return ratioRow(`\`${what}\` at ${size} sessions / SQL by hand`, median(runs.ours), median(runs.raw), 1.5)
  })

/** Throws if a number that both results have differs, because the program and the script then did not do the same work. */
function checkNumbers(what: string, ours: Numbers | Numbers[], raw: Numbers | Numbers[]): void {
  const [all, expected] = [[ours].flat(), [raw].flat()]
  const differs = (row: Numbers, i: number) =>
    Object.entries(row).some(([name, value]) => name in (all[i] ?? {}) && all[i]?.[name] !== value)
  if (all.length !== expected.length || expected.some(differs)) throw new Error(`${what} and the SQL by hand have different numbers`)
}
