import { type Context, flag, nonBlank } from 'ainative-code'
import type { Server } from '../server/connect.ts'

/** The flag that accepts a connection whose server is not verified. */
export const insecureFlag = { allowInsecure: flag('Accept a lower sslmode than verify-full, with a warning') }

/** The flags of a command for admins of the server. */
export const adminFlags = {
  admin: nonBlank().optional().meta({
    description: 'URL of an admin of the server (default: $AINATIVE_ZERODB_ADMIN, or the admin of zerodb start, or the endpoint)',
    value: 'url',
  }),
  ...insecureFlag,
}

interface AdminInput {
  admin?: string
  allowInsecure: boolean
}

/** Runs `work` on a connection as an admin. */
export async function asAdmin<T>(
  { admin, allowInsecure }: AdminInput,
  { host, signal, note }: Context,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  if (admin !== undefined && /:\/\/[^/@]*:[^/@]+@/.test(admin))
    note('warning: other programs can see the password in --admin; AINATIVE_ZERODB_ADMIN hides it')
  const { connect } = await import('../server/connect.ts')
  const server = await connect(host, { admin: admin ?? true, allowInsecure, signal, note: (text) => note(`warning: ${text}`) })
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}
