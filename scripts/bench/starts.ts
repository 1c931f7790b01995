import { FULL_CACHE, median, plainScript, program, type RunNode, runInTurn } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 60

/** Measures starts of the program, compared with a start of Node. */
export function measureStarts(node: RunNode, database: string): Row[] {
  const commands = {
    nothing: () => node(['-e', '0']),
    version: () => node(program('--version')),
    list: () => node(program('session', 'list'), { database }),
    flagged: () => node(program('session', 'list', '--status', 'active'), { database }),
    raw: () => node(plainScript('list', database)),
  }
  const runs = runInTurn(ROUNDS, commands, FULL_CACHE)
  if (runs.list[0]?.stdout !== runs.raw[0]?.stdout) throw new Error('session list and the raw script print different lists')
  const nothing = median(runs.nothing)
  return [
    ratioRow('`--version` / `node -e 0`', median(runs.version), nothing, 1.5),
    ratioRow('`session list` / `node -e 0`', median(runs.list), nothing, 2),
    ratioRow('… with a flag, `session list --status active`', median(runs.flagged), nothing),
    ratioRow('… raw script printing the same list / `node -e 0`', median(runs.raw), nothing),
    ratioRow('… `session list` / raw script', median(runs.list), median(runs.raw)),
  ]
}
