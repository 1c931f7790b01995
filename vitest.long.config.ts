import { defineConfig } from 'vitest/config'

/** Proofs that take minutes: large files, many processes. */
export default defineConfig({
  test: { include: ['test/long/**/*.test.ts'], testTimeout: 1_800_000, hookTimeout: 600_000, fileParallelism: false },
})
