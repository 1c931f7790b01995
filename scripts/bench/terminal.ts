import pty from 'node-pty'
import { program } from './run.ts'

/** The program in a pseudo-terminal. */
export interface Terminal {
  /** Types keys. Returns the milliseconds until the output matches. */
  type(keys: string, pattern: RegExp): Promise<number>
  /** Returns the milliseconds from the start until the output matches. */
  until(pattern: RegExp): Promise<number>
  end(): void
}

/** Starts the program in a pseudo-terminal. */
export function openTerminal(words: string[], database: string, folder: string): Terminal {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    TERM: 'xterm',
    PAGER: 'cat',
    AINATIVE_DB_PATH: database,
  }
  let start = process.hrtime.bigint()
  const child = pty.spawn(process.execPath, program(...words), { cols: 120, rows: 40, cwd: folder, env })
  let text = ''
  let check = () => {}
  child.onData((data) => {
    text += data
    check()
  })
  const until = (pattern: RegExp) =>
    new Promise<number>((resolve) => {
      check = () => {
        if (pattern.test(text)) resolve(Number(process.hrtime.bigint() - start) / 1e6)
      }
      check()
    })
  return {
    until,
    type(keys, pattern) {
      text = ''
      start = process.hrtime.bigint()
      child.write(keys)
      return until(pattern)
    },
    end: () => child.kill('SIGKILL'),
  }
}
