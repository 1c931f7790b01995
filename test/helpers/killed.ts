import { once } from 'node:events'
import { type Home, startCli } from './cli.ts'

/** Runs lines of a script, and kills the program before it closes its database: the -wal and -shm files stay. */
export async function killAfterLines(home: Home, ...lines: string[]): Promise<void> {
  const child = startCli([], { cwd: home.dir, env: home.env })
  child.stderr.resume()
  const done = new Promise<void>((resolve) => {
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      if (text.includes('lines are done')) resolve()
    })
  })
  child.stdin.write([...lines, '"lines are done"', ''].join('\n'))
  await done
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
