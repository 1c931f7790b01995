import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Short files whose tests take longest. */
const LONGEST = /(zerodb\/sync\/simulation|build\/dev|smoke\/script|contract\/provider\/suite)\.test\.ts$/

/** Starts the longest tests first. Vitest starts with the longest files: these would be the last, and one core would have nothing to do. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLongest = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId)
    return [...sorted.filter(isLongest), ...sorted.filter((each) => !isLongest(each))]
  }
}

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
    sequence: { sequencer: LongestFirst },
  },
})
