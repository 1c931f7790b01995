import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { bin, type Home, type Result } from './cli.ts'

const UID = 54_321

/** True if this process can run programs as another user. Tests of file permissions need another user, because root can read all files. */
export function canBeAnother(): boolean {
  if (process.getuid?.() !== 0) return false
  const can = spawnSync('setpriv', ['--reuid', String(UID), '--clear-groups', process.execPath, '-e', '0']).status === 0
  return can && spawnSync('setpriv', ['--reuid', String(UID), '--clear-groups', process.execPath, bin, '--version']).status === 0
}

/** Runs the program as a user without an entry in /etc/passwd. */
export function runAsAnother(home: Home, argv: string[], env: NodeJS.ProcessEnv = home.env): Result {
  const { status, stdout, stderr } = spawnSync('setpriv', ['--reuid', String(UID), '--clear-groups', process.execPath, bin, ...argv], {
    cwd: home.dir,
    env,
    encoding: 'utf8',
  })
  return { code: status ?? 1, stdout, stderr }
}

/** Makes this user the owner of a home and of all its files. */
export const giveAway = (home: Home) => execFileSync('chown', ['-R', String(UID), home.dir])

/** Mounts a small disk at this path. Returns undefined if this process cannot mount disks. */
export function smallDisk(folder: string, size: string): { remove(): void } | undefined {
  fs.mkdirSync(folder, { recursive: true })
  if (process.getuid?.() !== 0 || spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status !== 0) return undefined
  return { remove: () => void spawnSync('umount', ['-l', folder]) }
}

/** Makes a folder read-only with a mount. Returns undefined if this process cannot mount. */
export function freeze(folder: string): { thaw(): void } | undefined {
  if (process.getuid?.() !== 0 || spawnSync('mount', ['--bind', folder, folder]).status !== 0) return undefined
  const thaw = () => void spawnSync('umount', ['-l', folder])
  if (spawnSync('mount', ['-o', 'remount,ro,bind', folder]).status === 0) return { thaw }
  thaw()
  return undefined
}
