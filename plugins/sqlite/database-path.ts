import path from 'node:path'
import { configFolder, expandHome, type Host } from 'ainative-code'

/** The path of the database: AINATIVE_DB_PATH, else `storage.path` from the config, else sessions.db in the config folder. */
export function databasePath(host: Host): string {
  const { env } = host
  if (env.AINATIVE_DB_PATH) return path.resolve(expandHome(env.AINATIVE_DB_PATH, env))
  const { path: configured } = host.block('storage')
  if (typeof configured !== 'string') return path.join(configFolder(env), 'sessions.db')
  return path.resolve(path.dirname(host.fileOf('storage.path') ?? '.'), expandHome(configured, env))
}
