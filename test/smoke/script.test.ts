import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { LONG } from '../helpers/thin.ts'

/** Three lines a round: a write, a read, and an expression. */
const linesOf = (rounds: number) =>
  Array.from(
    { length: rounds },
    (_, i) =>
      `session create --title "Session ${i}" --tags t${i % 10}\nsession list --tag t${i % 10} --all --format csv\n$count(sessions)\n`,
  ).join('')

test.each([LONG ? ['1,500', 'file', 500] : ['450', 'file', 150], ['300', 'pipe', 100]])(
  'a script of %s lines runs to its end from a %s',
  async (_, from, rounds) => {
    const lines = linesOf(rounds)
    const home = makeHome()
    home.write('script.txt', lines)
    const { code, stdout, stderr } = await (from === 'file' ? home.run('run', 'script.txt') : home.runWith({ input: lines }))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const counts = stdout.split('\n').filter((line) => /^\d+$/.test(line))
    expect(counts).toEqual(Array.from({ length: rounds }, (_, i) => String(i + 1)))
  },
)
