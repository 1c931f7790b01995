import { expect, test } from 'vitest'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openModel } from '../../helpers/wire/server.ts'
import { homeFor } from './chat.ts'
import { ROWS } from './rows.ts'

/** A plugin that runs the contract suite on a provider of the run. */
const SUITE = `
import { providerCases, runCases } from 'ainative-code/testing'

export default {
  name: 'suite',
  apply({ hooks, z }) {
    hooks.commands.tap('suite', ({ add }) => add({
      name: 'suite',
      summary: 'Run the contract suite of a provider',
      args: ['name'],
      input: z.object({ name: z.string() }),
      run: ({ name }, { host }) => runCases(providerCases(host.providers().get(name), { model: 'm' })),
      print: (text) => text,
    }))
  },
}
`

test.each(ROWS.filter(({ plugin }) => !plugin))('$label passes the contract suite', async (row) => {
  const model = await openModel(row.wire)
  const home = homeFor(row, model.url)
  const file = home.write('suite.mjs', SUITE)
  home.write(USER_CONFIG, `plugins: [${JSON.stringify(file)}]\n${row.config?.(model.url) ?? ''}`)
  expect((await home.ok('suite', row.provider)).match(/^ok /gm)).toHaveLength(5)
})
