/** One test of a contract suite: works with any test framework, as in `for (const { name, run } of cases) test(name, run)`. */
export interface Case {
  name: string
  /** Throws an AssertionError if the contract is broken. */
  run(): Promise<void>
}

/** Runs cases without a test framework. Throws at the first failure; returns a line for each case that passed. */
export async function runCases(cases: readonly Case[]): Promise<string> {
  const lines: string[] = []
  for (const { name, run } of cases) {
    try {
      await run()
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    lines.push(`ok ${name}\n`)
  }
  return lines.join('')
}
