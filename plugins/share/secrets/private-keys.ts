/** Matches the first or the last line of a private key. */
const MARKER = /-----(BEGIN|END) ?[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/g
/** Matches a character of a key. */
const KEY_CHARACTER = /[A-Za-z0-9+/=]/g
/** The minimum number of characters of a key; placeholders such as `...` have fewer. The shortest keys, of Ed25519, have 64. */
const SHORTEST = 40

/**
 * Finds the private keys in a text: PEM, OpenSSH and PGP, also with quotes, prefixes or escapes in their lines. A key without a last line
 * ends after the text that has the form of a key.
 */
export function findPrivateKeys(text: string): string[] {
  const markers = [...text.matchAll(MARKER)]
  return markers.flatMap(({ 0: first, 1: type, index }, i) => {
    if (type === 'END') return []
    // A key ends before the next marker. Without this limit, many first lines without a last line would take quadratic time.
    const next = markers[i + 1]
    const body = text.slice(index + first.length, next?.index)
    if (next?.[1] !== 'END') return keyLength(body) > 0 ? [first + body.slice(0, keyLength(body))] : []
    return (body.match(KEY_CHARACTER) ?? []).length >= SHORTEST ? [first + body + next[0]] : []
  })
}

/** Matches a line with a full row of a key. */
const FULL = /[A-Za-z0-9+/=]{40}/
/** Matches the last, shorter line of a key. */
const SHORTER = /^[\s>|"']*[A-Za-z0-9+/=]+(?:\\+[rn]|[\s"',])*$/
/** Matches an empty line, or a header such as `Proc-Type: 4,ENCRYPTED`. */
const HEADER = /^(?:\\+[rn]|[\s>|"',+])*(?:[A-Z][A-Za-z-]*: .*)?$/s

/** Returns the length of the start of a text that has the form of a key; 0 if there is no key. */
function keyLength(text: string): number {
  let length = 0
  let end = 0
  let afterFull = false
  for (const line of text.split(/(?<=\n|\\n)/)) {
    end += line.length
    const isFull = FULL.test(line)
    if (isFull || (afterFull && SHORTER.test(line))) length = end
    else if (!HEADER.test(line)) break
    afterFull = isFull
  }
  return text.slice(0, length).trimEnd().length
}
