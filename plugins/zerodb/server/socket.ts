import net from 'node:net'

/** The types of the first message of a PostgreSQL server: authentication, error, notice, and the negotiation of the protocol version. */
const FIRST_TYPES = 'RENv'
const HEADER = 5
/** libpq has the same limit for the messages of a login. */
const MAX_LENGTH = 30_000

/**
 * A socket for a connection without TLS. A server that does not answer like PostgreSQL ends the connection with an error: pg takes the
 * answer for the beginning of a long message and waits, or throws where nothing catches the error.
 */
export class ServerSocket extends net.Socket {
  #isChecked = false

  override push(chunk: Buffer | null): boolean {
    try {
      if (chunk && !this.#isChecked && !isFirstMessage(chunk)) throw new Error('no PostgreSQL server')
      this.#isChecked = true
      // The listeners of pg, which parse the messages, run within this call.
      return super.push(chunk)
    } catch (error) {
      this.destroy(error as Error)
      return false
    }
  }
}

function isFirstMessage(chunk: Buffer): boolean {
  if (!FIRST_TYPES.includes(String.fromCharCode(chunk[0] ?? 0))) return false
  return chunk.length < HEADER || chunk.readUInt32BE(1) <= MAX_LENGTH
}
