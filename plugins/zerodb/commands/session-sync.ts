import { defineCommand, flag, Problem, usage } from 'ainative-code'
import * as z from 'zod'
import { accessTo } from '../../sqlite/index.ts'
import { connect } from '../server/connect.ts'
import { type SyncResult, sync } from '../sync/sync.ts'

/** The command `session sync`. */
export const sessionSync = defineCommand({
  name: 'session sync',
  summary: 'Sync sessions with ZeroDB',
  group: 'Sync',
  argvAliases: ['sessions sync'],
  input: z.object({
    push: flag('Only send local changes'),
    pull: flag('Only fetch changes of other devices'),
    bidirectional: flag('Send and fetch changes (the default)'),
    force: flag('Compare everything again; both sides are merged, nothing is overwritten'),
  }),
  examples: ['ainative-code session sync', 'ainative-code session sync --push', 'ainative-code session sync --force --pull'],
  async run(input, { host, signal, progress, note }): Promise<SyncResult> {
    if (input.bidirectional && (input.push || input.pull)) throw usage('--bidirectional already pushes and pulls', 'use one of the flags')
    const access = await accessTo(host)
    if (!access)
      throw new Problem('no-store', 'sync needs the built-in SQLite store', { hint: 'ainative-code plugin list shows the plugins' })
    const server = await connect(host, { signal })
    try {
      const both = input.push === input.pull
      const result = await sync(access, server, { push: both || input.push, pull: both || input.pull, force: input.force, progress })
      progress('')
      if (both && !result.equal) note('the server changed during the sync; sync again to compare')
      return result
    } finally {
      await server.close()
    }
  },
  print: ({ pulled, pushed, equal }) => {
    const parts = [
      pulled.sessions + pulled.messages > 0 && `pulled ${count(pulled)}`,
      pushed.sessions + pushed.messages > 0 && `pushed ${count(pushed)}`,
    ]
    const done = parts.filter(Boolean).join(', ')
    return `${done ? `${done[0]?.toUpperCase()}${done.slice(1)}` : 'No changes'}${equal ? '; in sync' : ''}\n`
  },
})

const count = ({ sessions, messages }: { sessions: number; messages: number }) =>
  `${sessions} session${sessions === 1 ? '' : 's'} and ${messages} message${messages === 1 ? '' : 's'}`
