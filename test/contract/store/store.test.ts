import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Host, Store } from 'ainative-code'
import { storeCases } from 'ainative-code/testing'
import { onTestFinished, test } from 'vitest'
import { openStore } from '../../../plugins/sqlite/store.ts'

/** A new store in SQLite. */
async function open(): Promise<Store> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ainative-store-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const host = { env: { AINATIVE_DB_PATH: path.join(folder, 'sessions.db') }, readOnly: false, block: () => ({}) }
  return openStore(host as unknown as Host)
}

for (const { name, run } of storeCases(open)) test(name, run)
