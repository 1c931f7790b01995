import fs from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf } from './kernel/problem.ts'
import { loadBundle } from './modules/bundle.ts'

declare const BUILD_HASH: string
declare const PACKAGE_VERSION: string

const argv = process.argv.slice(2)
// Answered here, before anything is loaded.
if (/^(--version|-V|-v|version)$/.test(argv[0] ?? '')) version()
else {
  const { main } = loadBundle(__dirname, BUILD_HASH)(path.join(__dirname, 'core/main.cjs')) as typeof import('./main.ts')
  void main(argv)
}

function version(): void {
  try {
    fs.writeSync(1, `${PACKAGE_VERSION}\n`)
  } catch (error) {
    if (codeOf(error) === 'EPIPE') return
    process.exitCode = 1
    fs.writeSync(2, `error: cannot write the version: ${codeOf(error) === 'ENOSPC' ? 'the disk is full' : messageOf(error)}\n`)
  }
}
