import manifest from '../package.json' with { type: 'json' }
import { main } from './main.ts'

Object.assign(globalThis, { PACKAGE_VERSION: manifest.version })
await main(process.argv.slice(2))
