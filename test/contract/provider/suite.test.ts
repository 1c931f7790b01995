import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../helpers/cli.ts'
import { USER_CONFIG } from '../../helpers/plugins.ts'
import { openModel } from '../../helpers/wire/server.ts'
import { homeFor } from './chat.ts'
import { ROWS } from './rows.ts'

/** A plugin with a command that runs the suite. It is a file of its own, because the program compiles each new file anew. */
const SUITE = path.join(root, 'test/contract/provider/suite.mjs')

test.each(ROWS.filter(({ plugin }) => !plugin))('$label passes the contract suite', async (row) => {
  const model = await openModel(row.wire)
  const home = homeFor(row, model.url)
  home.write(USER_CONFIG, `plugins: [${JSON.stringify(SUITE)}]\n${row.config?.(model.url) ?? ''}`)
  expect((await home.ok('suite', row.provider)).match(/^ok /gm)).toHaveLength(5)
})
