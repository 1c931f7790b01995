import path from 'node:path'
import { loadBundle } from './modules/load-bundle.ts'
import { asksVersion, writeVersion } from './output/version.ts'

declare const BUILD_HASH: string
declare const PACKAGE_VERSION: string

const argv = process.argv.slice(2)
if (asksVersion(argv)) writeVersion(PACKAGE_VERSION)
else {
  const { main } = loadBundle(__dirname, BUILD_HASH)(path.join(__dirname, 'core/main.cjs')) as typeof import('./main.ts')
  void main(argv)
}
