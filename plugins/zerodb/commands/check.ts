import { type Context, defineCommand, table } from 'ainative-code'
import * as z from 'zod'
import type { AttackResult } from '../server/attacks/run-attacks.ts'
import { adminFlags, asAdmin } from './admin.ts'

/** The command `zerodb check`. */
export const check = defineCommand({
  name: 'zerodb check',
  summary: 'Test the access control of the server with attacks by a temporary user',
  group: 'Sync',
  writes: true,
  fields: ['attack', 'refused', 'result'],
  input: z.object(adminFlags),
  formats: ['table', 'json', 'jsonl', 'csv'],
  columns: ['attack', 'refused', 'result'],
  examples: ['ainative-code zerodb check', 'ainative-code zerodb check --admin postgresql://postgres@db.example.com/sync'],
  run: (input, context) => asAdmin(input, context, (admin) => checkServer(admin, context)),
  print: (rows, view) =>
    table(
      rows,
      [
        { title: 'ATTACK', value: ({ attack }) => attack },
        { title: 'REFUSED', value: ({ refused }) => (refused ? 'yes' : 'NO') },
        { title: 'RESULT', value: ({ result }) => result, flexible: true, sparse: true },
      ],
      view,
    ),
})

type Admin = Parameters<Parameters<typeof asAdmin>[2]>[0]

async function checkServer(admin: Admin, { signal, progress, fail }: Context): Promise<AttackResult[]> {
  const [{ connectTo }, { onStage }, { runAttacks }] = await Promise.all([
    import('../server/connect.ts'),
    import('../server/attacks/stage.ts'),
    import('../server/attacks/run-attacks.ts'),
  ])
  // No signal, so that an interrupt does not stop the removal. The first connection has checked sslmode, and warned about a lower level.
  const open = () => connectTo(admin.endpoint, { allowInsecure: true })
  return onStage(admin, open, { signal, allowInsecure: true }, async (stage) => {
    const results: AttackResult[] = []
    for await (const result of runAttacks(stage)) {
      results.push(result)
      progress(result.attack)
    }
    progress('')
    if (results.some(({ refused }) => !refused)) fail()
    return results
  })
}
