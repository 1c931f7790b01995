import fs from 'node:fs'
import path from 'node:path'
import { FULL_CACHE, median, program, type RunNode, runInTurn } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 25

const source = (name: string) => `import type { Plugin } from 'ainative-code'

export default {
  name: '${name}',
  apply({ hooks }) {
    hooks.formats.tap('${name}', ({ add }) => add({ name: '${name}', extension: '.${name}', write: (session) => \`* \${session.title}\\n\` }))
  },
} satisfies Plugin
`

/** Creates a home folder whose config lists these TypeScript plugins. */
function homeWith(folder: string, names: string[]): string {
  const home = path.join(folder, `home-${names.length}`)
  const config = path.join(home, '.config/ainative-code')
  fs.mkdirSync(config, { recursive: true })
  for (const name of names) fs.writeFileSync(path.join(config, `${name}.ts`), source(name))
  fs.writeFileSync(path.join(config, 'config.yaml'), `plugins:\n${names.map((name) => `  - ./${name}.ts\n`).join('')}`)
  return home
}

/** Measures the time that a user's TypeScript plugins add to a start. The first rounds, which do not count, compile the plugins. */
export function measurePlugins(node: RunNode, database: string, folder: string): Row[] {
  const [one, two, three] = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => homeWith(folder, names))
  const list = (home?: string) => () => node(program('session', 'list'), { database, home })
  const commands = { nothing: () => node(['-e', '0']), one: list(one), two: list(two), three: list(three) }
  const runs = runInTurn(ROUNDS, commands, FULL_CACHE)
  const nothing = median(runs.nothing)
  return [
    ratioRow('`session list` with one TypeScript plugin / `node -e 0`', median(runs.one), nothing, 2.6),
    ratioRow('… what a third one adds / `node -e 0`', median(runs.three) - median(runs.two), nothing, 0.2),
  ]
}
