import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Shows text in $PAGER, by default `less`. Writes it to the terminal if the pager does not start. */
export async function page(chunks: AsyncIterable<string>, env: NodeJS.ProcessEnv): Promise<void> {
  const command = env.PAGER === undefined ? 'less -R' : env.PAGER.trim()
  const child = command && command !== 'cat' ? await start(command, env) : undefined
  const out = child?.stdin ?? process.stdout
  out.on('error', () => undefined)
  for await (const chunk of chunks) {
    if (child && (child.exitCode !== null || !out.writable)) break
    if (!out.write(chunk)) await Promise.race([once(out, 'drain'), ...(child ? [once(child, 'exit')] : [])])
  }
  if (!child) return
  child.stdin.end()
  if (child.exitCode === null) await once(child, 'exit')
}

async function start(command: string, env: NodeJS.ProcessEnv) {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env: { LESS: 'FRX', ...env } })
  await once(child, 'spawn').catch(() => undefined)
  return child.pid ? child : undefined
}
