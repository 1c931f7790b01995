import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Change, Host, Message, Session } from '../../../core/index.ts'
import { createHost } from '../../../core/loading/host.ts'
import sqlite, { accessTo } from '../../../plugins/sqlite/index.ts'
import { saveKey } from '../../../plugins/zerodb/encryption/key-store.ts'
import zerodb from '../../../plugins/zerodb/index.ts'
import { connect } from '../../../plugins/zerodb/server/connect.ts'
import { localOf } from '../../../plugins/zerodb/sync/local.ts'
import { type SyncResult, sync } from '../../../plugins/zerodb/sync/sync.ts'

/** A device: a database of its own, a clock that may be wrong, and an account on a server. */
export interface Device {
  name: string
  /** Writes a copy of its database. */
  copyTo(file: string): void
  /** Its id on the server. */
  id(): string | undefined
  host: Host
  save(...changes: Change[]): Promise<void>
  sync(options?: { push?: boolean; pull?: boolean; force?: boolean }): Promise<SyncResult>
  /** All sessions with their messages, by id. */
  state(): Promise<(Session & { messages: Message[] })[]>
  close(): Promise<void>
}

/** Opens a device whose clock is off by `skew` milliseconds. With `words`, it encrypts. */
export async function openDevice(
  name: string,
  endpoint: string,
  skew = 0,
  prepare: (file: string) => void = () => undefined,
  words?: string[],
): Promise<Device> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-test-'))
  const file = path.join(dir, 's.db')
  prepare(file)
  const config = {
    values: { storage: { path: file }, services: { zerodb: { encryption: words !== undefined } } },
    files: [],
    layers: [],
    defaults: {},
    problems: [],
  }
  const host = createHost(config, { HOME: dir, AINATIVE_ZERODB_ENDPOINT: endpoint })
  for (const plugin of [sqlite, zerodb]) plugin.apply(host, {} as never)
  if (words?.length) await saveKey(host, { words })
  const store = await host.store()
  const access = await accessTo(host)
  if (!access) throw new Error('no database')
  // No test of devices cuts the power, and waiting for the disk at each commit would take most of the time of a history.
  access.connection.pragma('synchronous = off')
  const { now } = Date
  const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
    Date.now = () => now() + skew
    try {
      return await work()
    } finally {
      Date.now = now
    }
  }
  return {
    name,
    copyTo: (target) => void access.connection.prepare('vacuum into ?').run(target),
    host,
    id: () => localOf(access.connection).state('device'),
    save: (...changes) => inTime(() => store.save(changes)),
    sync: ({ push = true, pull = true, force = false } = {}) =>
      inTime(async () => {
        const server = await connect(host)
        try {
          return await sync(access, server, { push, pull, force, progress: () => undefined, warn: () => undefined })
        } finally {
          await server.close()
        }
      }),
    async state() {
      const sessions: (Session & { messages: Message[] })[] = []
      for (const id of (await store.allIds()).sort()) {
        const { activated_at: _, ...session } = (await store.get(id)) as Session
        sessions.push({ ...session, messages: store.readMessages(id) })
      }
      return sessions
    },
    async close() {
      await host.close()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}
