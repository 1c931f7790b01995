import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], exclude: ['test/long/**'], testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 3 },
})
