import { execFileSync } from 'node:child_process'
import { defineConfig } from 'vitest/config'

/** Tests whose tables and rounds `npm test` runs in part. */
const thinned = execFileSync('git', ['grep', '-l', 'helpers/thin.ts', '--', 'test'], { encoding: 'utf8' }).trim().split('\n')

/** Proofs that take minutes: large files, many processes, and the tables that `npm test` runs in part. */
export default defineConfig({
  // As in vitest.config.ts: tests in this process run the sources.
  ssr: { resolve: { conditions: ['ainative-source'] } },
  test: {
    include: ['test/long/**/*.test.ts', ...thinned],
    env: { TEST_LONG: '1' },
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
