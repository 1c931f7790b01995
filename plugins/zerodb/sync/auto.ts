import type { Host } from 'ainative-code'

/** Set in the environment of a sync in the background, which starts no further one. */
export const BACKGROUND = 'AINATIVE_BACKGROUND_SYNC'

/** Starts a sync in the background at the start of a chat, and at the end of a run that wrote. */
export function watchWrites(host: Host) {
  let hasWritten = false
  let hasStarted = false
  return {
    wrote() {
      hasWritten = true
    },
    started() {
      if (!hasStarted && isAutomatic(host)) startSync(host)
      hasStarted = true
    },
    ended() {
      if (hasWritten && isAutomatic(host)) startSync(host)
    },
  }
}

/** True if the config turns sync on, and nothing turns automatic sync off. */
function isAutomatic(host: Host): boolean {
  if (host.readOnly || host.env[BACKGROUND]) return false
  const { enabled, sync } = host.block('services.zerodb') as { enabled?: boolean; sync?: { auto?: boolean } }
  return enabled === true && sync?.auto !== false
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
