import type { Session } from 'ainative-code'

const MAX_BYTES = 120

/** Names that Windows keeps for devices, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** A title as part of a file name: no separators, no control characters, not hidden, at most 120 bytes. */
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

type Named = Pick<Session, 'id' | 'title'>

/**
 * Names the files of a pattern with {id} and {title}. A session whose file would have the name of another one's, on a disk that ignores
 * case as well, gets its id after its title.
 */
export function startNames(pattern: string): (session: Named) => string {
  const taken = new Set<string>()
  const parts = pattern.split('/')
  const fill = (id: string, title: string) => parts.map((part) => fillPart(part, id, title)).join('/')
  return ({ id, title }) => {
    const plain = fileName(title)
    let file = fill(id, plain)
    for (let copy = 1; taken.has(foldCase(file)); copy++) file = fill(id, copy === 1 ? `${plain}-${id}` : `${plain}-${id}-${copy}`)
    taken.add(foldCase(file))
    return file
  }
}

function fillPart(part: string, id: string, title: string): string {
  const filled = part.replace(/\{(id|title)\}/g, (_, name) => (name === 'id' ? id : title))
  return filled === part ? part : filled.replace(RESERVED, '_$1')
}

const foldCase = (file: string) => file.normalize('NFC').toLowerCase().toUpperCase()
