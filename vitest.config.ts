import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests in this process run the sources; the front door is the built program. The condition has a name of its own, because packages use 'source'.
  ssr: { resolve: { conditions: ['ainative-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 5,
    // Each file would load vitest and the helpers anew.
    isolate: false,
  },
})
