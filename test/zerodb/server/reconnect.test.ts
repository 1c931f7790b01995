import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../../plugins/zerodb/server/connect.ts'
import { openPostgres, userOn } from '../../helpers/postgres.ts'
import { openDevice } from '../sync/device.ts'
import { openProxy } from '../sync/proxy.ts'

test('a connection that replaces a lost one may be lost too', async () => {
  const proxy = await openProxy(await userOn(await openPostgres(), 'reconnect'))
  const device = await openDevice('a', proxy.endpoint)
  proxy.cut = { from: 'server', after: 20_000 }
  const server = await connect(device.host)
  onTestFinished(async () => {
    await server.close()
    await device.close()
    await proxy.close()
  })
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('uncaughtExceptionMonitor', note)
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note))
  for (let i = 0; i < 3; i++) await expect(sql`select repeat('x', 100000)`.execute(server.db)).rejects.toThrow()
  expect(unhandled).toEqual([])
})
