import type { Session } from 'ainative-code'

/** The maximum length of a title in a file name, in UTF-8 bytes. */
const MAX_BYTES = 120

/** Matches names that Windows reserves for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** Converts a title to a part of a file name: without separators, control characters and a leading dot, at most 120 bytes. */
export function fileName(title: string): string {
  const plain = title
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd/\\:*?"<>|]+/gu, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.-]+|[\s.-]+$/g, '')
  let cut = ''
  for (const { segment } of new Intl.Segmenter().segment(plain)) {
    if (Buffer.byteLength(cut + segment) > MAX_BYTES) break
    cut += segment
  }
  return cut.trim() || 'untitled'
}

type SessionName = Pick<Session, 'id' | 'title'>

/**
 * Returns a function that names the file of a session by a pattern with {id} and {title}. If another session already has the name (even in
 * another case, for file systems that ignore case), the function appends the id to the title.
 */
export function createFileNamer(pattern: string): (session: SessionName) => string {
  const names = new Set<string>()
  const parts = pattern.split('/')
  const fill = (id: string, title: string) => parts.map((part) => fillPart(part, id, title)).join('/')
  return ({ id, title }) => {
    const plain = fileName(title)
    let file = fill(id, plain)
    for (let copy = 1; names.has(foldCase(file)); copy++) file = fill(id, copy === 1 ? `${plain}-${id}` : `${plain}-${id}-${copy}`)
    names.add(foldCase(file))
    return file
  }
}

function fillPart(part: string, id: string, title: string): string {
  const filled = part.replace(/\{(id|title)\}/g, (_, name) => (name === 'id' ? id : title))
  return filled === part ? part : filled.replace(RESERVED, '_$1')
}

const foldCase = (file: string) => file.normalize('NFC').toLowerCase().toUpperCase()
