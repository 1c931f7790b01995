import fs from 'node:fs'
import path from 'node:path'
import { bin, type Home } from './cli.ts'

/** Puts `ainative-code` on the PATH of a home, as an installation does. Returns the environment for a shell. */
export function withProgram(home: Home): NodeJS.ProcessEnv {
  const folder = home.path('.bin')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'ainative-code'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, { mode: 0o755 })
  return { ...home.env, PATH: `${folder}:${process.env.PATH}` }
}
