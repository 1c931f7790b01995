import { spawn } from 'node-pty'
import { onTestFinished } from 'vitest'
import { bin, type Home } from './cli.ts'

/** What to type once a text is on the screen, after what was typed before. */
export type Step = [shown: string, keys: string]

/** Runs a command (the shell, without words) on a terminal of this width and types as the steps say. Gives the screen and the exit code. */
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
