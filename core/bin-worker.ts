import path from 'node:path'
import { loadBundle } from './modules/load-bundle.ts'

declare const BUILD_HASH: string

loadBundle(__dirname, BUILD_HASH)(path.join(__dirname, 'core/worker-main.cjs'))
