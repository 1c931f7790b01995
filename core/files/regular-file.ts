import fs from 'node:fs'

/** Flags for open(): opening a pipe does not wait for its writer, and a terminal does not become the controlling terminal of the process. */
export const READ_FLAGS = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY

const MB = 1 << 20

/** Reads the UTF-8 text of a regular file. Throws for a pipe, a device, a folder, and a file of more than `max` bytes. */
export function readRegular(file: string, max = Number.POSITIVE_INFINITY): string {
  const fd = fs.openSync(file, READ_FLAGS)
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) throw new Error('it is not a file')
    if (stat.size > max) throw new Error(`it is larger than ${max / MB} MB`)
    return utf8Of(fs.readFileSync(fd))
  } finally {
    fs.closeSync(fd)
  }
}

function utf8Of(bytes: Buffer): string {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0)
  if (mark === 0xfeff || mark === 0xfffe) throw new Error('it is UTF-16 text, expected UTF-8')
  return bytes.toString()
}

/** Removes the byte order mark that some editors put before UTF-8 text. */
export const withoutMark = (text: string) => (text.startsWith('\ufeff') ? text.slice(1) : text)
