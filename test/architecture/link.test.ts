import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type Home, makeHome, type Result, root, steady } from '../helpers/cli.ts'
import { ORG } from '../helpers/plugins.ts'

/** The links that `npm install -g .` makes: one to the checkout, and one in bin through it. */
function link(home: Home): string {
  fs.mkdirSync(home.path('prefix/bin'), { recursive: true })
  fs.mkdirSync(home.path('prefix/lib/node_modules'), { recursive: true })
  fs.symlinkSync(root, home.path('prefix/lib/node_modules/ainative-code'))
  fs.symlinkSync('../lib/node_modules/ainative-code/dist/bin.cjs', home.path('prefix/bin/ainative-code'))
  return home.path('prefix/bin/ainative-code')
}

const run = (home: Home, file: string, argv: string[]) =>
  new Promise<Result>((resolve) => {
    execFile(file, argv, { cwd: home.dir, env: home.env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    )
  })

test('through the links of a global installation, commands answer as they do directly', async () => {
  const home = makeHome()
  await home.create('--title', 'One')
  home.write('greet.ts', `import { usage } from 'ainative-code'\nexport default () => typeof usage\n`)
  home.write('project/ainative.config.ts', `import org from './org.ts'\nexport default { plugins: [org] }\n`)
  home.write('project/org.ts', ORG)
  const bin = link(home)
  for (const argv of [
    ['--version'],
    ['plugin', 'list', '--json'],
    ['session', 'list'],
    ['query', 'sessions.title'],
    ['run', 'greet.ts'],
    ['completion', 'bash'],
    ['config', 'show'],
    ['session', 'show', 'none'],
    ['trust', 'project'],
    ['trust', '--list'],
    ['help'],
  ]) {
    const linked = await run(home, bin, argv)
    expect({ argv, ...linked, stdout: steady(linked.stdout) }).toEqual({ argv, ...(await direct(home, argv)) })
  }
})

async function direct(home: Home, argv: string[]): Promise<Result> {
  const result = await home.run(...argv)
  return { ...result, stdout: steady(result.stdout) }
}
