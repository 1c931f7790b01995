import { codeOf, messageOf, Problem } from 'ainative-code'

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
  ENXIO: 'it is a socket',
  EPIPE: 'its reader closed it',
}

/** Turns an error of the file system into a Problem that names the file; any other error is returned as it is. */
export function fileProblem(error: unknown, file: string, verb: 'read' | 'write'): unknown {
  const code = codeOf(error)
  if (error instanceof Problem || code === undefined || !/^E[A-Z0-9]+$|^ERR_INVALID_ARG_VALUE$/.test(code)) return error
  return new Problem('file', `cannot ${verb} ${shortened(file)}: ${REASONS[code] ?? messageOf(error)}`, { cause: error })
}

/** A name that is too long for the disk is too long for an error as well. */
const shortened = (file: string) => (file.length > 300 ? `${file.slice(0, 100)}…${file.slice(-100)}` : file)
