import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import type { Postgres } from './postgres.ts'
import { withServer } from './postgres.ts'

/** Creates a database. Returns its URL for the superuser, or for the role (whose password is x) that owns it. */
export async function freshDatabase({ admin }: Pick<Postgres, 'admin'>, name: string, role = 'postgres'): Promise<string> {
  await runSql(admin, `create database ${name} owner ${role}`)
  const url = admin.replace(/postgres$/, name)
  return role === 'postgres' ? url : url.replace('postgres:superuser', `${role}:x`)
}

/** Runs a script, and returns the rows of its only statement. */
export const runSql = (url: string, script: string): Promise<unknown[]> =>
  withServer(url, async ({ db }) => (await sql.raw(script).execute(db)).rows)

/** Returns the log of the server, which contains each statement. */
export const serverLog = ({ data }: Pick<Postgres, 'data'>) => fs.readFileSync(path.join(data, 'log'), 'utf8')
