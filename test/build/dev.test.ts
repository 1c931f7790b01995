import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Home, makeHome, type Result, root } from '../helpers/cli.ts'
import { mayLeave } from '../helpers/stdin.ts'
import { thin } from '../helpers/thin.ts'

/** Runs the sources, as `npm run dev` does. */
const dev = (home: Home, argv: string[], input: string) =>
  new Promise<Result>((resolve) => {
    const options = ['--conditions=ainative-source', '--import', import.meta.resolve('tsx'), path.join(root, 'scripts/dev.ts')]
    const child = execFile(process.execPath, [...options, ...argv], { cwd: home.dir, env: home.env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    )
    mayLeave(child.stdin)
    child.stdin?.end(input)
  })

/** The bundler numbers functions of the same name. */
const withoutNumbers = ({ stderr, ...result }: Result) => ({ ...result, stderr: stderr.replace(/^( {4}at .*?)\d+(?= \()/gm, '$1') })

const LINES: [string[], string][] = [
  [['--keep-going'], 'help\nsession list\n$sum(\nsesion list\nsessions.title\n'],
  [['--version'], ''],
  [['session', 'show', 'none', '--debug'], ''],
]

test.each(thin(3, LINES))('the sources answer %j as the build does', async (argv, input) => {
  const home = makeHome()
  await home.create('--title', 'One')
  const [built, source] = await Promise.all([home.runWith({ input }, ...argv), dev(home, argv, input)])
  expect(withoutNumbers(source)).toEqual(withoutNumbers(built))
  expect(built.stdout + built.stderr).not.toBe('')
})
