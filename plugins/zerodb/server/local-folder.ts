import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { configFolder, expandHome, type Host, Problem, replacePrivateFile } from 'ainative-code'
import { systemUser } from './endpoint.ts'

/** The account that runs the server. PostgreSQL refuses to run as root. */
export interface Account {
  uid?: number
  gid?: number
}

/** The folder of a server of `zerodb start`: its data, its log, and the URL of its admin. */
export interface LocalFolder {
  root: string
  /** PostgreSQL's data directory. */
  data: string
  log: string
  /** A file with the URL of the superuser, which only this user can read. */
  admin: string
  account: Account
}

const NOBODY = 65_534

/** Returns the folder of --data, or the default: in the config folder; for root, a folder that the server's account can reach. */
export function localFolder({ env }: Host, folder?: string): LocalFolder {
  const account = isRoot() ? accountOfServer() : {}
  const own = path.join(configFolder(env), 'zerodb')
  const root = folder !== undefined ? path.resolve(expandHome(folder, env)) : isRoot() && blockedBy(own) ? rootFolder(own) : own
  return { root, data: path.join(root, 'data'), log: path.join(root, 'log'), admin: path.join(root, 'admin-url'), account }
}

const isRoot = () => process.getuid?.() === 0

/** The account postgres of this machine, or else nobody. */
function accountOfServer(): Account {
  const users = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8') : ''
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : { uid: NOBODY, gid: NOBODY }
}

/** A folder outside of root's home, which other accounts cannot enter. Each home has a folder of its own. */
const rootFolder = (own: string) => path.join('/var/lib/ainative-code', createHash('sha256').update(own).digest('hex').slice(0, 12))

/** Creates the folder and gives the part that the server writes to the server's account. */
export function prepareFolder({ root, log, account }: LocalFolder): void {
  fs.mkdirSync(root, { recursive: true, mode: account.uid === undefined ? 0o700 : 0o711 })
  const blocked = account.uid === undefined ? undefined : blockedBy(root)
  if (blocked)
    throw new Problem('local-server', `the account of the server cannot enter ${blocked}`, {
      hint: 'ainative-code zerodb start --data DIR names another folder, such as /var/lib/zerodb',
    })
  fs.closeSync(fs.openSync(log, 'a', 0o600))
  giveTo(account, log)
}

export function giveTo({ uid, gid }: Account, file: string): void {
  if (uid !== undefined && gid !== undefined) fs.chownSync(file, uid, gid)
}

/** The first folder of a path that other accounts cannot enter. */
function blockedBy(folder: string): string | undefined {
  const parts = folder.split(path.sep)
  const folders = parts.map((_, i) => parts.slice(0, i + 1).join(path.sep) || path.sep)
  return folders.find((each) => fs.existsSync(each) && (fs.statSync(each).mode & 0o001) === 0)
}

/** Saves the URL of the superuser. */
export const saveAdmin = ({ admin }: LocalFolder, url: string) => replacePrivateFile(admin, `${url}\n`)

/** The URL of the superuser; undefined for a folder without a server. */
export const readAdmin = ({ admin }: LocalFolder): string | undefined =>
  fs.existsSync(admin) ? fs.readFileSync(admin, 'utf8').trim() : undefined

/** The name of the first user: that of this account, if the server accepts it. */
export function ownName(): string {
  const name = systemUser() ?? ''
  return /^[a-z][a-z0-9_-]{0,30}$/.test(name) && !['root', 'postgres', 'public', 'user', 'none'].includes(name) ? name : 'me'
}
