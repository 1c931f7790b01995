import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { codeOf, configFolder, expandHome, type Host, messageOf, Problem, replacePrivateFile } from 'ainative-code'
import { systemUser } from './endpoint.ts'

/** The account that runs the server. PostgreSQL refuses to run as root. */
export interface Account {
  uid?: number
  gid?: number
}

/** The folder of a server of `zerodb start`. */
export interface LocalFolder {
  root: string
  /** The folder of the data, the log, and the URL of the admin. It is created completely or not at all. */
  server: string
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
  return { root, account, ...partsOf(path.join(root, 'server')) }
}

/** Returns the paths in the folder of a server, or in a draft of this folder. */
export const partsOf = (server: string) => ({
  server,
  data: path.join(server, 'data'),
  log: path.join(server, 'log'),
  admin: path.join(server, 'admin-url'),
})

const isRoot = () => process.getuid?.() === 0

/** Returns the account `postgres` of this machine, or else `nobody`. */
function accountOfServer(): Account {
  const users = fs.existsSync('/etc/passwd') ? fs.readFileSync('/etc/passwd', 'utf8') : ''
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : { uid: NOBODY, gid: NOBODY }
}

/** Returns a folder outside of the home of root, because other accounts cannot enter this home. Each home has a separate folder. */
const rootFolder = (own: string) => path.join('/var/lib/ainative-code', createHash('sha256').update(own).digest('hex').slice(0, 12))

/** The permissions of a folder that the server's account has to enter. */
const modeFor = ({ uid }: Account) => (uid === undefined ? 0o700 : 0o711)

/** Creates the folder. Throws a Problem if the server's account cannot enter it. */
export function prepareFolder({ root, account }: LocalFolder): void {
  createFolder(root, modeFor(account))
  const blocked = account.uid === undefined ? undefined : blockedBy(root)
  if (!blocked) return
  throw new Problem('local-server', `the account of the server cannot enter ${blocked}`, {
    hint: 'ainative-code zerodb start --data DIR names another folder, such as /var/lib/zerodb',
  })
}

/** Creates a folder and its parents. The recursive mkdir of Node never ends in /proc. */
function createFolder(folder: string, mode: number): void {
  if (fs.existsSync(folder)) return
  createFolder(path.dirname(folder), mode)
  try {
    fs.mkdirSync(folder, { mode })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unusable(folder, messageOf(error))
  }
}

/** Throws a Problem if the folder cannot exist: if its path, or the start of its path, is a file or a broken link. */
export function checkPath({ root }: LocalFolder): void {
  let at = root
  while (!isEntry(at) && at !== path.dirname(at)) at = path.dirname(at)
  if (!fs.existsSync(at)) throw unusable(root, `${at} is a broken link`)
  if (!fs.statSync(at).isDirectory()) throw unusable(root, `${at} is not a folder`)
}

/** True for an existing path, also for a broken link. */
function isEntry(file: string): boolean {
  try {
    return fs.lstatSync(file) !== undefined
  } catch {
    return false
  }
}

const unusable = (folder: string, reason: string) =>
  new Problem('local-server', `the folder ${folder} cannot be used: ${reason}`, { hint: 'name another folder with --data' })

/** Creates the draft of a server: a folder with the URL of the superuser, an empty log and an empty data directory. */
export function createDraft({ root, account }: LocalFolder, url: string): ReturnType<typeof partsOf> {
  const draft = partsOf(path.join(root, `draft-${process.pid}`))
  fs.mkdirSync(draft.server, { mode: modeFor(account) })
  replacePrivateFile(draft.admin, `${url}\n`)
  fs.mkdirSync(draft.data, { mode: 0o700 })
  fs.writeFileSync(draft.log, '', { mode: 0o600 })
  for (const part of [draft.data, draft.log]) setOwner(account, part)
  return draft
}

const DRAFT = /^draft-(\d+)$/

/** Removes the drafts of killed processes. */
export function removeOldDrafts({ root }: LocalFolder): void {
  for (const name of fs.readdirSync(root)) {
    const pid = DRAFT.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) fs.rmSync(path.join(root, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** True if the folder contains only a server or drafts of a server. */
export const isOwnFolder = ({ root }: LocalFolder) =>
  !fs.existsSync(root) || fs.readdirSync(root).every((name) => name === 'server' || DRAFT.test(name) || name.startsWith('.output-'))

/** Gives a file to the account that runs the server. */
export function setOwner({ uid, gid }: Account, file: string): void {
  if (uid !== undefined && gid !== undefined) fs.chownSync(file, uid, gid)
}

/** Returns the first folder of a path that other accounts cannot enter; undefined if there is none. */
export function blockedBy(folder: string): string | undefined {
  const parts = folder.split(path.sep)
  const folders = parts.map((_, i) => parts.slice(0, i + 1).join(path.sep) || path.sep)
  return folders.find((each) => fs.existsSync(each) && (fs.statSync(each).mode & 0o001) === 0)
}

/** Reads the URL of the superuser. Returns undefined for a folder without a server. */
export const readAdmin = ({ admin }: LocalFolder): string | undefined =>
  fs.existsSync(admin) ? fs.readFileSync(admin, 'utf8').trim() : undefined

/** Returns the name of the first user: the name of this account if the server accepts it, or else `me`. */
export function firstUserName(): string {
  const name = systemUser() ?? ''
  return /^[a-z][a-z0-9_-]{0,30}$/.test(name) && !['root', 'postgres', 'public', 'user', 'none'].includes(name) ? name : 'me'
}
