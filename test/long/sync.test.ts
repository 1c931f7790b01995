import { expect, test } from 'vitest'
import { openPostgres, userOn } from '../helpers/postgres.ts'
import { simulate } from '../zerodb/sync/simulation.ts'

test('1,000 histories of devices that edit offline, with connections that are cut, end in the same state', async () => {
  const postgres = await openPostgres()
  let cuts = 0
  for (let seed = 1001; seed <= 2000; seed++) cuts += (await simulate(seed, await userOn(postgres, `long${seed}`))).cuts
  expect(cuts).toBeGreaterThan(1000)
}, 3_600_000)
