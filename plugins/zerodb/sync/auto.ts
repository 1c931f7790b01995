import type { Host } from 'ainative-code'

/** The environment variable of a sync in the background. A process with this variable starts no other sync. */
export const BACKGROUND = 'AINATIVE_BACKGROUND_SYNC'

/** How long the shell waits for a further write before it syncs, in milliseconds. */
const QUIET_MS = 2000

/** The timer of the next sync of each host. Present while the host has writes that no sync has sent. */
const timers = new WeakMap<Host, NodeJS.Timeout>()

/** Cancels the next sync in the background, because a sync has sent all writes. */
export function forgetWrites(host: Host): void {
  clearTimeout(timers.get(host))
  timers.delete(host)
}

/**
 * Starts syncs in the background: before the first chat request of a run, soon after a write, and at the end of a run with unsent writes.
 * Returns the handlers of these events.
 */
export function watchWrites(host: Host) {
  let hasRequested = false
  const start = () => {
    forgetWrites(host)
    startSync(host)
  }
  return {
    onWrite() {
      if (!isAutomatic(host)) return
      clearTimeout(timers.get(host))
      timers.set(host, setTimeout(start, QUIET_MS).unref())
    },
    onRequest() {
      if (!hasRequested && isAutomatic(host)) startSync(host)
      hasRequested = true
    },
    onClose() {
      if (timers.has(host)) start()
    },
  }
}

/** True if the config enables sync, and does not disable automatic sync. */
function isAutomatic(host: Host): boolean {
  const { enabled, sync } = settingsOf(host)
  return enabled === true && sync?.auto !== false
}

/** True if the config enables sync. False in a read-only run and in a sync in the background. */
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

/** Starts `session sync` as a detached process, so that no command waits for the sync. */
function startSync({ env }: Host): void {
  // Not a static import: every start of the program loads this file, but few runs start a sync.
  const child = process.getBuiltinModule('node:child_process').spawn(process.execPath, [process.argv[1] ?? '', 'session', 'sync'], {
    detached: true,
    stdio: 'ignore',
    env: { ...env, [BACKGROUND]: '1' },
  })
  // If the process cannot start, the next run syncs.
  child.on('error', () => undefined)
  child.unref()
}
