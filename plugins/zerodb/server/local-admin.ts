import type { Host } from 'ainative-code'
import { type Endpoint, isConfigured, isLocal, parseEndpoint } from './endpoint.ts'
import { localFolder, readAdmin } from './local-folder.ts'

/**
 * Returns the endpoint of the admin if `endpoint` is configured and leads to the server that `zerodb start` runs for this account. Only
 * this account can read the file with the URL of the admin. Returns any other endpoint unchanged.
 */
export function preferLocalAdmin(host: Host, endpoint: Endpoint): Endpoint {
  if (!isConfigured(endpoint) || !isLocal(endpoint)) return endpoint
  const folder = localFolder(host)
  const url = readAdmin(folder)
  if (url === undefined) return endpoint
  const admin = parseEndpoint(url, folder.admin)
  return admin.port === endpoint.port ? { ...admin, database: endpoint.database } : endpoint
}
