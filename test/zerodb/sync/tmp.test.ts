import { expect, test } from 'vitest'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { simulate } from './tmp-sim.ts'
test('tmp', async () => {
  const postgres = await openPostgres()
  const failed: string[] = []
  const from = Number(process.env.FROM ?? 1000), count = Number(process.env.COUNT ?? 200)
  for (const seed of [5073, ...Array.from({ length: count }, (_, i) => from + i)]) await simulate(seed, await userOn(postgres, `u${seed}`)).catch((e) => failed.push(`${e.message}\n${(e.states ?? []).join('\n---\n')}`))
  expect(failed.slice(0,3).join('\n\n=====\n')).toBe('')
}, 3_000_000)
