import { definePlugin } from 'ainative-code'

/** Looks after the data: the database, its counters and permissions, and the search index. */
export default definePlugin({
  name: 'doctor',
  requires: ['sqlite', 'search'],
  apply({ hooks }) {
    hooks.commands.tap('doctor', ({ add }) =>
      add({
        name: 'doctor',
        summary: 'Check the database, its counters, its permissions and the search index',
        group: 'Sessions',
        load: async () => (await import('./doctor.ts')).doctor,
      }),
    )
  },
})
