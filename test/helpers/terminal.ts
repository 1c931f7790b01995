import { spawn } from 'node-pty'
import { onTestFinished } from 'vitest'
import { bin, type Home } from './cli.ts'

/** The keys to type once a text appears after the previous step. */
export type Step = [shown: string, keys: string]

/** Runs a command on a terminal, or the shell if `argv` is empty, and types the keys of the steps. Returns the output and the exit code. */
export const onTerminal = (home: Home, argv: string[], steps: Step[] = [], env: NodeJS.ProcessEnv = {}, cols = 80) =>
  new Promise<{ code: number; screen: string }>((resolve) => {
    const options = { cwd: home.dir, cols, rows: 24, env: { ...home.env, TERM: 'xterm-256color', ...env } as Record<string, string> }
    const terminal = spawn(process.execPath, [bin, ...argv], options)
    onTestFinished(() => terminal.kill('SIGKILL'))
    const left = [...steps]
    let screen = ''
    let seen = 0
    terminal.onData((data) => {
      screen += data
      const [shown, keys] = left[0] ?? []
      if (shown === undefined || keys === undefined || !screen.includes(shown, seen)) return
      left.shift()
      seen = screen.length
      terminal.write(keys)
    })
    terminal.onExit(({ exitCode }) => resolve({ code: exitCode, screen }))
  })
