import fs from 'node:fs'
import { main } from '../core/main.ts'
import { asksVersion, writeVersion } from '../core/output/version.ts'

// Runs the sources as bin.ts runs the build.
const argv = process.argv.slice(2)
if (asksVersion(argv)) writeVersion(JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
else void main(argv)
