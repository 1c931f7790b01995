import { expect } from 'vitest'
import type { Result } from './cli.ts'

/** Expects a Problem: this exit code, an `error:` line, these texts on standard error, no stack trace, and an empty standard output. */
export function expectProblem(result: Result, code: number, ...says: (string | RegExp)[]): void {
  const { stderr } = result
  expect(stderr).toMatch(/^error: /m)
  expect(stderr).not.toMatch(/bug in ainative-code|^ {4}at /m)
  for (const part of says) expect(stderr).toMatch(typeof part === 'string' ? new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : part)
  expect(result).toMatchObject({ code, stdout: '' })
}
