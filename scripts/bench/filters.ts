import { median, program, type RunNode, runInTurn } from './run.ts'
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

/** Measures the first page of a list with 100,000 sessions, compared with 10,000. */
export const measureFilters = (node: RunNode, large: string, small: string): Row[] =>
  FILTERS.map((flags) => {
    const list = (database: string) => () => node(program('session', 'list', ...flags), { database })
    const runs = runInTurn(ROUNDS, { large: list(large), small: list(small) })
    return ratioRow(`\`${['list', ...flags].join(' ')}\`, 100,000 / 10,000`, median(runs.large), median(runs.small), 2)
  })
