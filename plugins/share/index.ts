import { definePlugin } from 'ainative-code'
import { sessionsHooks } from '../sessions/index.ts'
import * as commands from './command-index.ts'
import { SHARED_ID } from './shared-id.ts'

/** Adds the commands that share sessions with a team through the ZeroDB server. */
export default definePlugin({
  name: 'share',
  requires: ['sessions', 'sqlite', 'zerodb'],
  apply(host) {
    const { reading, shared } = sessionsHooks(host)
    host.hooks.commands.tap('share', ({ add }) => Object.values(commands).forEach((command) => void add(command)))
    reading.tapPromise('share', async (word, context) =>
      SHARED_ID.test(word) ? (await import('./read-shared.ts')).readShared(word, context) : undefined,
    )
    shared.tapPromise('share', async (team, context) => (await import('./list-shared.ts')).listShared(team, context))
  },
})
