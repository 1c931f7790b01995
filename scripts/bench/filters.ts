import { interleave, median, type Node, ours } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 15

const FILTERS = [
  [],
  ['--tag', 'go'],
  ['--project', 'backend-service'],
  ['--provider', 'anthropic'],
  ['--model', 'gpt-4o'],
  ['--status', 'paused'],
  ['--since', '2025-06-01'],
  ['--until', '2024-06-30'],
  ['--sort', 'title'],
  ['--sort', 'messages'],
  ['--sort', 'date', '--reverse'],
  ['--tag', 'go', '--project', 'backend-service'],
  ['--provider', 'openai', '--sort', 'title'],
  ['--tag', 'go', '--sort', 'title'],
]

/** The first page of a list at 100,000 sessions beside the same at 10,000. */
export const measureFilters = (node: Node, large: string, small: string): Row[] =>
  FILTERS.map((flags) => {
    const list = (database: string) => () => node(ours('session', 'list', ...flags), { database })
    const runs = interleave(ROUNDS, { large: list(large), small: list(small) })
    return ratioRow(`\`${['list', ...flags].join(' ')}\`, 100,000 / 10,000`, median(runs.large), median(runs.small), 2)
  })
