import type { Host, Plugin } from '../core/index.ts'
import { createHost } from '../core/loading/host.ts'
import search from '../plugins/search/index.ts'
import sqlite from '../plugins/sqlite/index.ts'

/** Creates a host in this process, whose store is the database file. The caller closes the host. */
export function hostOn(file: string, plugins: Plugin[] = [sqlite, search]): Host {
  const config = { values: { storage: { path: file } }, files: [], layers: [], defaults: {}, problems: [] }
  const host = createHost(config, { HOME: '/nowhere' })
  for (const plugin of plugins) plugin.apply(host, {} as never)
  return host
}

export { search, sqlite }
