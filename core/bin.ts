import path from 'node:path'
import { loadBundle } from './bundle.ts'
import { writeAll } from './write.ts'

declare const BUILD_HASH: string
declare const PACKAGE_VERSION: string

const argv = process.argv.slice(2)
// Answered here, before anything is loaded.
if (argv[0] === '--version' || argv[0] === '-V') writeAll(1, `${PACKAGE_VERSION}\n`)
else {
  const { main } = loadBundle(__dirname, BUILD_HASH)(path.join(__dirname, 'core/main.cjs')) as typeof import('./main.ts')
  void main(argv)
}
