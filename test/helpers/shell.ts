import { execFile } from 'node:child_process'
import type { Home, Result } from './cli.ts'
import { withProgram } from './path.ts'
import { mayLeave } from './stdin.ts'

/** Runs a line of bash in a home, with `ainative-code` on its PATH. */
export const shell = (home: Home, line: string, input = ''): Promise<Result> =>
  new Promise((resolve) => {
    const options = { cwd: home.dir, env: withProgram(home), maxBuffer: 1 << 28 }
    const child = execFile('bash', ['-o', 'pipefail', '-c', line], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    )
    mayLeave(child.stdin)
    child.stdin?.end(input)
  })
