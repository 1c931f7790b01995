import fs from 'node:fs'
import path from 'node:path'
import { type Host, messageOf, openWorker, Problem, type Worker } from 'ainative-code'
import type { Question } from './entries.ts'

/** The keyring of the operating system: one secret for each name. Each function throws a Problem if the keyring fails. */
export interface Keyring {
  get(name: string): Promise<string | undefined>
  set(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

/** The maximum duration of a call, in seconds. The user may have to type the password of the keyring into a window. */
const TIMEOUT_S = 60

/** Opens the keyring. Throws a Problem with the reason if there is none. The signal ends calls. */
export function openKeyring(host: Host, signal = new AbortController().signal): Keyring {
  const reason = missingPart(host.env)
  if (reason) throw keyringProblem(reason)
  const ask = (question: Question) => askWorker(host, question, signal)
  return {
    get: async (name) => (await ask({ call: 'get', name })) ?? undefined,
    set: async (name, secret) => void (await ask({ call: 'set', name, secret })),
    remove: async (name) => void (await ask({ call: 'remove', name })),
  }
}

/** The worker process for the calls of each host. The worker ends with this process. */
const workers = new WeakMap<Host, Worker>()

async function askWorker(host: Host, question: Question, signal: AbortSignal): Promise<string | null | undefined> {
  // External plugins must not run in the process that holds the secrets.
  const shipped: Host = Object.create(host, { onlyShipped: { value: true } })
  const worker = workers.get(host) ?? openWorker(shipped, 'keyring', { title: 'the keyring' })
  workers.set(host, worker)
  try {
    return await worker.ask(question, { timeout: TIMEOUT_S, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw keyringProblem(messageOf(error))
  }
}

const keyringProblem = (reason: string) =>
  new Problem('keyring', `the keyring does not work: ${reason}`, {
    hint: 'unlock the keyring of your desktop, or set AINATIVE_NO_KEYRING=1 to use files',
  })

/** The reason why there is no keyring, if the environment shows one; found without starting a process. */
function missingPart(env: NodeJS.ProcessEnv): string | undefined {
  if (env.AINATIVE_NO_KEYRING) return 'AINATIVE_NO_KEYRING is set'
  if (process.platform !== 'linux' || env.DBUS_SESSION_BUS_ADDRESS) return undefined
  const folder = env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.()}`
  return fs.existsSync(path.join(folder, 'bus')) ? undefined : 'there is no desktop session (D-Bus)'
}
