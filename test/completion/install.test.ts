import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { makeHome } from '../helpers/cli.ts'
import { hasShell } from '../helpers/completion.ts'
import { withProgram } from '../helpers/path.ts'
import { expectProblem } from '../helpers/problem.ts'

test('completion --install writes the script once, and says how to undo it', async () => {
  const home = makeHome({ SHELL: '/usr/bin/fish' })
  const file = home.path('.config/fish/completions/ainative-code.fish')
  expect(await home.ok('completion', '--install')).toBe(`Wrote ${file}\nCompletion works in new fish shells.\nTo undo: rm ${file}\n`)
  expect(fs.readFileSync(file, 'utf8')).toBe(await home.ok('completion', 'fish'))
  expect(await home.ok('completion', '--install')).toBe(`${file} is up to date\nTo undo: rm ${file}\n`)
  fs.writeFileSync(file, 'older')
  expect(await home.json('completion', 'fish', '--install', '--json')).toEqual({ shell: 'fish', file, written: true })
})

test('for zsh it adds one line to .zshrc, once', async () => {
  const home = makeHome()
  home.write('.zshrc', 'alias x=y')
  const file = home.path('.local/share/zsh/site-functions/_ainative-code')
  expect(await home.ok('completion', 'zsh', '--install')).toContain(`Wrote ${file}\nAdded a line to ${home.path('.zshrc')}\n`)
  const rc = `alias x=y\nsource ${file} # ainative-code completion\n`
  expect(home.read('.zshrc')).toBe(rc)
  expect(await home.ok('completion', 'zsh', '--install')).toContain(`${home.path('.zshrc')} already loads the script\n`)
  expect(home.read('.zshrc')).toBe(rc)
  home.write('.zshrc', 'eval "$(ainative-code completion zsh)"\n')
  await home.ok('completion', 'zsh', '--install')
  expect(home.read('.zshrc')).toBe('eval "$(ainative-code completion zsh)"\n')
  if (!hasShell('zsh')) return
  home.write('.zshrc', rc)
  expect(execFileSync('zsh', ['-ic', 'print $+_comps[ainative-code]'], { env: withProgram(home), encoding: 'utf8' })).toContain('1')
})

test('for bash it writes where bash-completion looks', async () => {
  const home = makeHome({ XDG_DATA_HOME: '' })
  home.env.XDG_DATA_HOME = home.path('my data')
  const file = home.path('my data/bash-completion/completions/ainative-code')
  const installed = await home.json('completion', 'bash', '--install', '--json')
  expect(installed).toMatchObject({ shell: 'bash', file, written: true })
  // Without bash-completion a line in .bashrc loads the script.
  if (installed.rc) expect(home.read('.bashrc')).toBe(`source '${file}' # ainative-code completion\n`)
  const bash = execFileSync('bash', ['-c', `source '${file}'; complete -p ainative-code`], { encoding: 'utf8' })
  expect(bash).toContain('_ainative_code ainative-code')
})

test('without a shell it knows, and where nothing can be written, it says so', async () => {
  const home = makeHome({ SHELL: '/bin/tcsh' })
  expectProblem(await home.run('completion', '--install'), 2, 'completion needs <shell>', 'one of bash, zsh, fish')
  expectProblem(await home.run('completion'), 2, 'completion needs <shell>')
  home.write('.config/fish', 'a file')
  expectProblem(await home.run('completion', 'fish', '--install'), 1, 'a part of its path is not a folder')
})
