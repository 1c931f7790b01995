import { expect, test } from 'vitest'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { simulate } from './simulation.ts'

/** The steps of a history. `npm run test:long` runs more and longer ones. */
const STEPS = 25

test('50 histories of devices that edit offline, with connections that are cut, end in the same state', async () => {
  const postgres = await openPostgres()
  let cuts = 0
  for (let seed = 1; seed <= 50; seed++) cuts += (await simulate(seed, await userOn(postgres, `u${seed}`), STEPS)).cuts
  expect(cuts).toBeGreaterThan(25)
  // A busy machine makes it late, not wrong.
}, 900_000)
