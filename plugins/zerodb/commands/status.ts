import { defineCommand, type Host, oneLine, Problem, plural } from 'ainative-code'
import * as z from 'zod'
import { accessTo, type Connection } from '../../sqlite/index.ts'
import type { Encryption } from '../encryption/turn-on.ts'
import { accountOf, endpointOf } from '../server/endpoint.ts'
import { CLIENT } from '../server/schema.ts'
import { readSettings } from '../settings.ts'
import { localOf } from '../sync/local.ts'
import { PURGED } from '../sync/registers.ts'

/** The state of sync on this device. */
export interface SyncStatus {
  /** The id of this device; null before its first sync. */
  device: string | null
  /** The account of the last sync, such as alice@db.example.com:5432/sync; null before the first sync. */
  account: string | null
  /** The account of the configured endpoint; null if none is configured, or if the endpoint is invalid. */
  configured: string | null
  /** When the last sync with the configured account ended. Null if the last sync was with another account. */
  synced_at: string | null
  /** The numbers of sessions and messages that the server does not have yet: all of them after a change of the account. */
  pending: { sessions: number; messages: number }
  /** True if the settings turn encryption on; the state of the account at the last sync, or null before the first sync. */
  encryption: { enabled: boolean; account: Encryption | null }
  /** Rows of the server that could not be applied. */
  aside: { session: string; error: string }[]
  /** The ids of sessions that were purged and then imported again, which are not synced. */
  purged: string[]
  /** The number of rows that only a newer version of the program can apply. */
  newer: number
  /** The error of the last sync in the background. */
  error: { at: string; message: string } | null
}

/** The command `zerodb status`. */
export const zerodbStatus = defineCommand({
  name: 'zerodb status',
  summary: 'Show the state of sync on this device',
  group: 'Sync',
  writes: false,
  input: z.object({}),
  examples: ['ainative-code zerodb status'],
  async run(_, { host }): Promise<SyncStatus> {
    const access = await accessTo(host)
    if (!access) throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list' })
    const { state } = localOf(access.connection)
    const error = state('error')
    const account = state('account') ?? null
    const configured = configuredAccount(host)
    const isOther = isAnother({ account, configured })
    return {
      device: state('device') ?? null,
      account,
      configured,
      synced_at: isOther ? null : (state('synced') ?? null),
      pending: isOther ? allOf(access.connection) : pendingOf(access.connection),
      encryption: {
        enabled: readSettings(host).encryption ?? false,
        account: isOther ? null : ((state('encryption') as Encryption | undefined) ?? null),
      },
      aside: access.connection.prepare('select session, error from sync_aside order by session').all() as SyncStatus['aside'],
      // Another account has no purges yet.
      purged: isOther ? [] : (access.connection.prepare(IMPORTED_AGAIN).pluck().all(PURGED) as string[]),
      newer: access.connection.prepare('select count(*) from sync_raw where needs > ?').pluck().get(CLIENT.version) as number,
      error: error === undefined ? null : JSON.parse(error),
    }
  },
  print({ device, account, configured, synced_at, pending, encryption, aside, purged, newer, error }) {
    if (device === null) return 'This device has not been synced yet\nhint: ainative-code session sync\n'
    const isOther = isAnother({ account, configured })
    const lines = [
      `Last sync: ${isOther ? `with ${account}, not with ${configured}` : (synced_at ?? 'never')}`,
      `Pending: ${plural(pending.sessions, 'session')}, ${plural(pending.messages, 'message')}${isOther ? ' (everything)' : ''}`,
      `Encryption: ${encryptionText(encryption)}`,
      ...(error ? [`Last error: ${oneLine(error.message)} (${error.at})`] : []),
      ...aside.map((row) => `Set aside: a row of ${row.session}: ${oneLine(row.error)}`),
    ]
    if (aside.length > 0) lines.push('ainative-code session sync --retry applies them again')
    if (purged.length > 0)
      lines.push(`Not synced, because they were purged before: ${purged.join(', ')}`, 'ainative-code session fork makes a copy that syncs')
    if (newer > 0) lines.push(`Needs a newer version of ainative-code: ${plural(newer, 'row')}`)
    return `${lines.join('\n')}\n`
  },
})

/** True if the endpoint leads to another account than the last sync, or is another spelling of it. */
const isAnother = ({ account, configured }: Pick<SyncStatus, 'account' | 'configured'>) =>
  account !== null && configured !== null && account !== configured

function configuredAccount(host: Host): string | null {
  try {
    const endpoint = endpointOf(host.env, readSettings(host).endpoint)
    return accountOf({ user: endpoint.user, endpoint })
  } catch {
    // The state of this device is of use without an endpoint. A sync reports the mistake.
    return null
  }
}

const IMPORTED_AGAIN = `select id from sessions where staged is null and local_only is null
and exists (select 1 from sync_registers where session = sessions.id and key = ?) order by id`

function encryptionText({ enabled, account }: SyncStatus['encryption']): string {
  if (!enabled) return account === 'complete' || account === 'unfinished' ? 'off on this device, but the account is encrypted' : 'off'
  if (account === 'complete') return 'on'
  return account === 'unfinished' ? 'on; the next sync continues to encrypt the account' : 'on from the next sync'
}

/** The numbers of sessions and messages that a first sync with an account sends. */
function allOf(connection: Connection): SyncStatus['pending'] {
  const [sessions, messages] = connection
    .prepare(
      `select count(*), coalesce(sum(n), 0) from (select (select count(*) from messages where session = sessions.pk) as n
       from sessions where staged is null and local_only is null)`,
    )
    .raw()
    .get() as [number, number]
  return { sessions, messages }
}

function pendingOf(connection: Connection): SyncStatus['pending'] {
  const count = (sql: string) => connection.prepare(sql).pluck().get() as number
  const sessions =
    'select session from sync_registers where sent is not stamp union select s.id from sync_touched t join sessions s on s.pk = t.pk'
  return {
    sessions: count(`select count(*) from (${sessions} where t.kind in ('s', 'a'))`),
    messages: count('select count(*) from sync_messages where sent is not stamp'),
  }
}
