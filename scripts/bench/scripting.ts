import fs from 'node:fs'
import path from 'node:path'
import { median, program, type RunNode, runInTurn } from './run.ts'
import { type Row, timeRow } from './table.ts'

const ROUNDS = 5
const COMMANDS = 1000

/** Measures the time of a line in a script: 1,000 lines minus one line, so that the start does not count. */
export function measureScripting(node: RunNode, database: string, folder: string): Row[] {
  const [{ id = '' } = {}] = JSON.parse(node(program('session', 'list', '-n', '1', '--json'), { database }).stdout) as { id?: string }[]
  const kinds = {
    commands: (i: number) =>
      [`session show ${id} --summary`, `session meta ${id} key ${i}`, `session tag ${id} a${i % 7}`][i % 3] as string,
    lists: () => 'session list --limit 5',
    expressions: (i: number) => `$x := ${i}`,
  }
  return Object.entries(kinds).map(([name, line]) => {
    const script = (count: number) => {
      const file = path.join(folder, `${name}-${count}.txt`)
      fs.writeFileSync(file, Array.from({ length: count }, (_, i) => `${line(i)}\n`).join(''))
      return () => node(program('run', file), { database })
    }
    const runs = runInTurn(ROUNDS, { many: script(COMMANDS), one: script(1) })
    const each = (median(runs.many) - median(runs.one)) / (COMMANDS - 1)
    return timeRow(`a script of 1,000 ${name}: each`, each, 3)
  })
}
