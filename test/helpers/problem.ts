import { expect } from 'vitest'
import type { Result } from './cli.ts'

/** An expected failure: its exit code, one `error:` line that says this, no stack and no talk of a fault of ours; stdout stays empty. */
export function expectProblem(result: Result, code: number, ...says: (string | RegExp)[]): void {
  const { stderr } = result
  expect(stderr).toMatch(/^error: /m)
  expect(stderr).not.toMatch(/bug in ainative-code|^ {4}at /m)
  for (const part of says) expect(stderr).toMatch(typeof part === 'string' ? new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : part)
  expect(result).toMatchObject({ code, stdout: '' })
}
