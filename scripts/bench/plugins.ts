import fs from 'node:fs'
import path from 'node:path'
import { interleave, median, type Node, ours } from './run.ts'
import { type Row, ratioRow } from './table.ts'

const ROUNDS = 25

const source = (name: string) => `import type { Plugin } from 'ainative-code'

export default {
  name: '${name}',
  apply({ hooks }) {
    hooks.formats.tap('${name}', ({ add }) => add({ name: '${name}', extension: '.x', write: ({ title }) => \`* \${title}\\n\` }))
  },
} satisfies Plugin
`

/** A user's config folder that names this many TypeScript plugins. */
function configOf(folder: string, count: number): string {
  const own = path.join(folder, `config-${count}`)
  const files = Array.from({ length: count }, (_, i) => path.join(own, `plugin-${i}.ts`))
  fs.mkdirSync(path.join(own, 'ainative-code'), { recursive: true })
  for (const file of files) fs.writeFileSync(file, source(path.basename(file, '.ts')))
  fs.writeFileSync(path.join(own, 'ainative-code/config.yaml'), `plugins:\n${files.map((file) => `  - ${file}\n`).join('')}`)
  return own
}

/** How long a start takes with TypeScript plugins in the user's config, from the second one on. */
export function measurePlugins(node: Node, database: string, folder: string): Row[] {
  const [one, two, three] = [1, 2, 3].map((count) => configOf(folder, count)) as [string, string, string]
  const list = (config: string) => () => node(ours('session', 'list'), { database, config })
  const runs = interleave(ROUNDS, { nothing: () => node(['-e', '0']), one: list(one), two: list(two), three: list(three) })
  const nothing = median(runs.nothing)
  return [
    ratioRow('`session list` with a TypeScript plugin / `node -e 0`', median(runs.one), nothing, 2.6),
    ratioRow('… a third plugin adds', Math.max(0, median(runs.three) - median(runs.two)), nothing, 0.2),
  ]
}
