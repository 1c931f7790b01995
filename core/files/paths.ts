import path from 'node:path'
import { Problem } from '../kernel/problem.ts'

/** The account's home: $HOME where it is set, else what the system says; never the working folder. */
export function home(env: NodeJS.ProcessEnv): string {
  if (env.HOME && path.isAbsolute(env.HOME)) return env.HOME
  try {
    // Not imported, since few starts need it.
    return process.getBuiltinModule('node:os').userInfo().homedir
  } catch (error) {
    throw new Problem('no-home', 'this account has no home folder', { hint: 'set HOME to a folder of yours', cause: error })
  }
}

const xdg = (env: NodeJS.ProcessEnv, name: string, fallback: string) => {
  const set = env[name]
  return path.join(set && path.isAbsolute(set) ? set : path.join(home(env), fallback), 'ainative-code')
}

/** ~/.config/ainative-code, or under $XDG_CONFIG_HOME. */
export const configFolder = (env: NodeJS.ProcessEnv) => xdg(env, 'XDG_CONFIG_HOME', '.config')

/** ~/.local/state/ainative-code, or under $XDG_STATE_HOME. */
export const stateFolder = (env: NodeJS.ProcessEnv) => xdg(env, 'XDG_STATE_HOME', '.local/state')

/** `~/x` as a shell would have it. */
export const expandHome = (file: string, env: NodeJS.ProcessEnv) =>
  file === '~' || file.startsWith('~/') ? path.join(home(env), file.slice(1)) : file
