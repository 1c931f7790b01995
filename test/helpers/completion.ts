import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import pty from 'node-pty'
import { onTestFinished } from 'vitest'
import { bin, type Home } from './cli.ts'
import { until } from './until.ts'

/** A shell with completion. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** True if the shell is installed. */
export const hasShell = (name: Shell) => spawnSync(name, ['--version']).status === 0

/** How each shell starts with its setup in a file. */
const START: Record<Shell, { setup: string; argv(file: string): string[] }> = {
  bash: { setup: `eval "$(ainative-code completion bash)"\nPS1='SET> '\n`, argv: (file) => ['--rcfile', file] },
  // zsh reads the file from $ZDOTDIR.
  zsh: { setup: `autoload -U compinit; compinit -u\neval "$(ainative-code completion zsh)"\nPS1='SET> '\n`, argv: () => ['-d'] },
  fish: {
    setup: `ainative-code completion fish | source\nfunction fish_prompt; echo -n 'SET> '; end\nset fish_greeting\n`,
    argv: (file) => ['--no-config', '--init-command', `source ${file}`],
  },
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: shells set the terminal's modes after the prompt
const AT_PROMPT = /SET> (\x1b\[[\d?;>]*\w)*$/

/** A shell at its prompt, with completion set up. */
export interface Prompt {
  /** Types a line, Tab and Enter. Returns the words that the program receives. */
  complete(line: string): Promise<string[]>
  /** Types keys. Returns the screen once it matches. */
  type(keys: string, pattern: RegExp): Promise<string>
}

/** Opens a shell in a terminal. There, `ainative-code` completes, and every other call records its arguments. */
export async function openPrompt(home: Home, name: Shell): Promise<Prompt> {
  const { argv, setup } = START[name]
  const file = home.write('.setup/.zshrc', setup)
  const env = { ...withRecorder(home), ZDOTDIR: home.path('.setup'), TERM: 'dumb', INPUTRC: '/dev/null' }
  const child = pty.spawn(name, argv(file), { cols: 200, rows: 50, cwd: home.dir, env: env as Record<string, string> })
  onTestFinished(() => child.kill('SIGKILL'))
  let screen = ''
  child.onData((data) => {
    screen += data
  })
  const shows = (pattern: RegExp) =>
    until(
      () => `${pattern} in ${name}, which shows ${JSON.stringify(screen)}`,
      () => pattern.test(screen) && screen,
    )
  await shows(AT_PROMPT)
  return {
    type(keys, pattern) {
      screen = ''
      child.write(keys)
      return shows(pattern)
    },
    async complete(line) {
      const file = home.path('argv')
      fs.rmSync(file, { force: true })
      screen = ''
      child.write(`${line}\t\r`)
      const text = await until(
        () => `the end of ${line} in ${name}, which shows ${JSON.stringify(screen)}`,
        () => fs.existsSync(file) && fs.readFileSync(file, 'utf8'),
      )
      await shows(AT_PROMPT)
      return text.split('\0').slice(0, -1)
    },
  }
}

/** Puts a fake program on the PATH. Its completion is real, and every other call writes its arguments to a file, each with a NUL after it. */
function withRecorder(home: Home): NodeJS.ProcessEnv {
  home.write(
    '.bin/ainative-code',
    `#!/bin/sh
case "$1" in complete|completion) exec '${process.execPath}' '${bin}' "$@" ;; esac
printf '%s\\0' "$@" > argv.part
mv argv.part argv
`,
  )
  fs.chmodSync(home.path('.bin/ainative-code'), 0o755)
  return { ...home.env, PATH: `${home.path('.bin')}:${process.env.PATH}` }
}
