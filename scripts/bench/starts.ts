import { FULL_CACHE, interleave, median, type Node, ours, plain } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 60

/** How long a start takes beside a start of node itself. */
export function measureStarts(node: Node, database: string): Row[] {
  const commands = {
    nothing: () => node(['-e', '0']),
    version: () => node(ours('--version')),
    list: () => node(ours('session', 'list'), { database }),
    flagged: () => node(ours('session', 'list', '--status', 'active'), { database }),
    raw: () => node(plain('list', database)),
  }
  const runs = interleave(ROUNDS, commands, FULL_CACHE)
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
