import fs from 'node:fs'
import path from 'node:path'
import { expandHome, type Session } from 'ainative-code'

const MAX_BYTES = 120

/** A title as part of a file name: no separators, no control characters, not hidden, not too long. */
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

/** Where an export goes: one file for all, or a file for each session. */
export type Place = { all: string } | { each: (session: Session) => string }

export function placeOf(output: string | undefined, many: boolean, extension: string, env: NodeJS.ProcessEnv): Place {
  const target = output === undefined ? undefined : expandHome(output, env)
  if (target === '-') return { all: '-' }
  if (target !== undefined && /\{(id|title)\}/.test(target)) return { each: (session) => fill(target, session) }
  const folder = target === undefined ? '.' : target.endsWith('/') || isFolder(target) ? target : undefined
  if (folder === undefined) return { all: target as string }
  if (target === undefined && many) return { all: `sessions${extension}` }
  return { each: (session) => path.join(folder, `session-${session.id}${extension}`) }
}

const fill = (pattern: string, session: Session) =>
  pattern.replace(/\{(id|title)\}/g, (_, name) => (name === 'id' ? session.id : fileName(session.title)))

const isFolder = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
