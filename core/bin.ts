import { useCodeCache } from './code-cache.ts'

declare const BUILD_HASH: string

useCodeCache(__dirname, BUILD_HASH)
void require('./core/main.cjs').main(process.argv.slice(2))
