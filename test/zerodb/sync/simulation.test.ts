import { expect, test } from 'vitest'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { simulate } from './simulation.ts'

const SEEDS = Number(process.env.SIMULATIONS ?? 50)

test(`${SEEDS} histories of devices that edit offline, with connections that are cut, end in the same state`, async () => {
  const postgres = await openPostgres()
  let cuts = 0
  for (let seed = 1; seed <= SEEDS; seed++) cuts += (await simulate(seed, await userOn(postgres, `u${seed}`))).cuts
  expect(cuts).toBeGreaterThan(SEEDS)
})
