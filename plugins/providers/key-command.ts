import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Host, looksLikeKey, Problem } from 'ainative-code'

/** The time for which the output is reused, in milliseconds: the command may ask for a fingerprint, but a key may change while a shell is open. */
const CACHE_MS = 300_000

const cache = new WeakMap<Host, Map<string, { key: Promise<string>; until: number }>>()

/** Runs the user's command that prints a key, such as `op read op://work/openai/key`. */
export async function keyFromCommand(host: Host, name: string, command: string): Promise<string> {
  const keys = cache.get(host) ?? new Map()
  cache.set(host, keys)
  const found = keys.get(name)
  if (found && found.until > Date.now()) return found.key
  const key = run(host, name, command)
  keys.set(name, { key, until: Date.now() + CACHE_MS })
  key.catch(() => keys.delete(name))
  return key
}

async function run(host: Host, name: string, command: string): Promise<string> {
  const key = `llm.${name}.api_key_command`
  const file = host.fileOf(key)
  if (host.config.files.some((each) => each.file === file && each.layer !== 'user'))
    throw new Problem('config', `config ${key}: allowed only in your own config, not in ${file}`, {
      hint: 'ainative-code config path names your own',
    })
  // The shell would print the key in its message about an unknown command.
  if (!/\s/.test(command) && looksLikeKey(command))
    throw new Problem('config', `config ${key}: expected a command that prints the key, not the key`, {
      hint: `put the key into llm.${name}.api_key`,
    })
  const child = spawn(command, { shell: true, stdio: ['inherit', 'pipe', 'inherit'], env: host.env })
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [code, signal] = await once(child, 'close')
  const secret = out.trim()
  if (code === 0 && secret && !/\s/.test(secret)) return secret
  const reason = code !== 0 ? `it ended with ${code ?? signal}` : secret ? 'it printed more than one word' : 'it printed nothing'
  throw new Problem('no-key', `the command of ${key} printed no key: ${reason}`, {
    hint: 'run the command in a terminal to see its output',
  })
}
