import path from 'node:path'
import { configFolder, expandHome } from 'ainative-code'

/** The database file: AINATIVE_DB_PATH, else the configured one, else sessions.db in the config folder. */
export function databasePath(env: NodeJS.ProcessEnv, configured: string | undefined): string {
  const named = env.AINATIVE_DB_PATH || configured
  return named ? path.resolve(expandHome(named, env)) : path.join(configFolder(env), 'sessions.db')
}
