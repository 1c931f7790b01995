import { defineConfig } from 'vitest/config'

/** Proofs that take minutes: large files, many processes. */
export default defineConfig({
  // As in vitest.config.ts: tests in this process run the sources.
  ssr: { resolve: { conditions: ['ainative-source'] } },
  test: { include: ['test/long/**/*.test.ts'], testTimeout: 1_800_000, hookTimeout: 600_000, fileParallelism: false },
})
