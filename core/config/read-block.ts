import type * as z from 'zod'
import type { Host } from '../contract/host.ts'
import { Problem } from '../kernel/problem.ts'
import { maskedPath } from '../output/secret-names.ts'

/** Reads a block of the config with a schema. Throws a Problem that names the key of the first mistake, and its file. */
export function readBlock<T extends z.ZodType>(host: Pick<Host, 'block' | 'fileOf'>, path: string, schema: T): z.output<T> {
  const { data, error } = schema.safeParse(host.block(path))
  const [issue] = error?.issues ?? []
  if (!issue) return data as z.output<T>
  const file = host.fileOf([path, ...issue.path].join('.'))
  const key = [path, maskedPath(issue.path)].filter(Boolean).join('.')
  throw new Problem('config', `config ${key}: ${issue.message}${file ? ` (${file})` : ''}`, {
    hint: 'ainative-code config path names the file',
  })
}
