import { useCodeCache } from './code-cache.ts'
import { writeAll } from './write.ts'

declare const BUILD_HASH: string
declare const PACKAGE_VERSION: string

const argv = process.argv.slice(2)
// Answered here, before anything is loaded.
if (argv[0] === '--version' || argv[0] === '-V') writeAll(1, `${PACKAGE_VERSION}\n`)
else {
  useCodeCache(__dirname, BUILD_HASH)
  void require('./core/main.cjs').main(argv)
}
