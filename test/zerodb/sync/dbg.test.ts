import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { test } from 'vitest'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { simulate } from './simulation.ts'

test('x', async () => {
  const pg = await openPostgres()
  const [a, b] = (process.env.SEED ?? '1-1').split('-').map(Number)
  for (let s = a!; s <= (b ?? a!); s++)
    try {
      await simulate(s, await userOn(pg, `u${s}`))
    } catch (e: any) {
      console.log('seed', s, e.message?.slice(0, 300), e.cause?.message ?? '', e.states ? '' : e.stack?.split('\n').slice(0, 8).join('\n'))
      if (e.states) {
        fs.writeFileSync('/tmp/sa.json', JSON.stringify(e.states[0], null, 1))
        fs.writeFileSync('/tmp/sb.json', JSON.stringify(e.states[1], null, 1))
        try {
          execFileSync('diff', ['-U3', '/tmp/sa.json', '/tmp/sb.json'])
        } catch (d: any) {
          console.log(String(d.stdout).slice(0, 1500))
        }
      }
      break
    }
})
