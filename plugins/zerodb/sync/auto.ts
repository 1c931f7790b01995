import type { Host } from 'ainative-code'

/** Set in the environment of a sync in the background, which starts no further one. */
export const BACKGROUND = 'AINATIVE_BACKGROUND_SYNC'

/** How long the shell waits for a further write before it syncs, in milliseconds. */
const QUIET_MS = 2000

/** The writes of each host that no sync has sent yet, as the timer of the next sync. */
const timers = new WeakMap<Host, NodeJS.Timeout>()

/** Forgets the writes so far, because a sync has sent them. */
export function forgetWrites(host: Host): void {
  clearTimeout(timers.get(host))
  timers.delete(host)
}

/** Starts syncs in the background: at the first question of a run, soon after a write, and at the end of a run that wrote. */
export function watchWrites(host: Host) {
  let hasAsked = false
  const start = () => {
    forgetWrites(host)
    startSync(host)
  }
  return {
    wrote() {
      if (!isAutomatic(host)) return
      clearTimeout(timers.get(host))
      timers.set(host, setTimeout(start, QUIET_MS).unref())
    },
    asked() {
      if (!hasAsked && isAutomatic(host)) startSync(host)
      hasAsked = true
    },
    ended() {
      if (timers.has(host)) start()
    },
  }
}

/** True if the config turns sync on, and nothing turns automatic sync off. */
function isAutomatic(host: Host): boolean {
  const { enabled, sync } = settingsOf(host)
  return enabled === true && sync?.auto !== false
}

/** True if the config turns sync on for this run. */
export const isEnabled = (host: Host): boolean => settingsOf(host).enabled === true

function settingsOf(host: Host): { enabled?: boolean; sync?: { auto?: boolean } } {
  if (host.readOnly || host.env[BACKGROUND]) return {}
  try {
    return host.block('services.zerodb')
  } catch {
    // A mistake in the settings must not make a write fail; session sync reports it.
    return {}
  }
}

/** Starts `session sync` as a process of its own, which outlives this one, so that no command waits. */
function startSync({ env }: Host): void {
  // Not imported at the top of the file, because every start loads it.
  const child = process.getBuiltinModule('node:child_process').spawn(process.execPath, [process.argv[1] ?? '', 'session', 'sync'], {
    detached: true,
    stdio: 'ignore',
    env: { ...env, [BACKGROUND]: '1' },
  })
  // Without a process the next run syncs.
  child.on('error', () => undefined)
  child.unref()
}
