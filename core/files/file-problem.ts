import { codeOf, messageOf, Problem } from '../kernel/problem.ts'

/** Reasons for messages, by the code of a system error. */
const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a part of its path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
  ENXIO: 'it is a socket, or a device that does not exist',
  EPIPE: 'its reader closed it',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
}

/** Converts an error of the file system to a Problem that names the file. Any other error is returned unchanged. */
export function fileProblem(error: unknown, file: string, verb: 'read' | 'write'): unknown {
  const code = codeOf(error) ?? ''
  if (error instanceof Problem) return error
  const reason = REASONS[code] ?? (/^E[A-Z0-9]+$/.test(code) ? messageOf(error) : undefined)
  return reason === undefined ? error : new Problem('file', `cannot ${verb} ${shortened(file)}: ${reason}`, { cause: error })
}

/** Shortens a name that is too long for a message. */
const shortened = (file: string) => (file.length > 300 ? `${file.slice(0, 100)}…${file.slice(-100)}` : file)
