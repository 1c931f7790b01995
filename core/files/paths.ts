import path from 'node:path'
import { Problem } from '../kernel/problem.ts'

/** Returns the home folder of the user: $HOME if it is an absolute path, or else the folder that the system knows. */
export function home(env: NodeJS.ProcessEnv): string {
  if (env.HOME && path.isAbsolute(env.HOME)) return env.HOME
  try {
    // Not imported, since few starts need it.
    return process.getBuiltinModule('node:os').userInfo().homedir
  } catch (error) {
    throw new Problem('no-home', 'this account has no home folder', { hint: 'set HOME to an existing folder', cause: error })
  }
}

const xdgFolder = (env: NodeJS.ProcessEnv, name: string, fallback: string) => {
  const set = env[name]
  return path.join(set && path.isAbsolute(set) ? set : path.join(home(env), fallback), 'ainative-code')
}

/** Returns ~/.config/ainative-code, or the folder in $XDG_CONFIG_HOME. */
export const configFolder = (env: NodeJS.ProcessEnv) => xdgFolder(env, 'XDG_CONFIG_HOME', '.config')

/** Returns ~/.local/state/ainative-code, or the folder in $XDG_STATE_HOME. */
export const stateFolder = (env: NodeJS.ProcessEnv) => xdgFolder(env, 'XDG_STATE_HOME', '.local/state')

/** Replaces a leading `~` by the home folder, as a shell does. */
export const expandHome = (file: string, env: NodeJS.ProcessEnv) =>
  file === '~' || file.startsWith('~/') ? path.join(home(env), file.slice(1)) : file
