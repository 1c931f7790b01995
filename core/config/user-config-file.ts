import path from 'node:path'
import { fileProblem } from '../files/file-problem.ts'
import { configFolder } from '../files/paths.ts'
import { withoutMark } from '../files/regular-file.ts'
import { replacePrivateFile } from '../files/replace-file.ts'
import { codeOf, Problem } from '../kernel/problem.ts'
import { type ConfigContent, jsonContent, yamlContent } from './config-content.ts'
import { MAX_BYTES, realFile, userConfigs } from './discovery.ts'
import { configOf, isCode, readConfig } from './read-config.ts'

/** The user's own config, to be changed: comments and the order of keys stay where a value changes. */
export interface UserConfigFile extends Omit<ConfigContent, 'text'> {
  /** Its path without symbolic links; config.yaml in the config folder where there is no config yet. */
  file: string
  /** Replaces the file, with mode 0600. A Problem where the new text could not be read, or where another process changed the file. */
  write(): Promise<void>
}

/** Reads the user's config to change it. A config that cannot be read, or that is a program, is a Problem. */
export async function openUserConfig(env: NodeJS.ProcessEnv): Promise<UserConfigFile> {
  const { file, text: before, write } = openUserConfigText(env)
  if (before !== undefined) await configOf({ file, text: before }, env)
  const { text, ...content } = await (file.endsWith('.json') ? jsonContent : yamlContent)(withoutMark(before ?? ''))
  return { file, ...content, write: () => write(text()) }
}

/** The text of the user's own config. */
export interface UserConfigText {
  file: string
  /** Undefined where there is no config yet. */
  text?: string
  /** Replaces the file, as `write` of UserConfigFile does. */
  write(after: string): Promise<void>
}

/** Reads the text of the user's config, which may be no valid config. A config that is a program is a Problem. */
export function openUserConfigText(env: NodeJS.ProcessEnv): UserConfigText {
  const file = realFile(userConfigs(env)[0] ?? path.join(configFolder(env), 'config.yaml'))
  if (isCode(file)) throw new Problem('config', `${file} is a program: no command changes it`, { hint: `open ${file} in your editor` })
  const before = textOf(file)
  return {
    ...{ file, text: before },
    async write(after) {
      if (Buffer.byteLength(after) > MAX_BYTES) throw new Problem('config', `${file} would be larger than ${MAX_BYTES >> 20} MB`)
      await configOf({ file, text: after }, env)
      if (textOf(file) !== before)
        throw new Problem('config', `another process changed ${file}; nothing was written`, { hint: 'run the command again' })
      replace(file, after)
    },
  }
}

/** The text of a config; undefined where there is no file. */
function textOf(file: string): string | undefined {
  try {
    return readConfig(file).text
  } catch (error) {
    if (error instanceof Problem && codeOf(error.cause as Error | undefined) === 'ENOENT') return undefined
    throw error
  }
}

function replace(file: string, text: string): void {
  try {
    replacePrivateFile(file, text)
  } catch (error) {
    throw fileProblem(error, file, 'write')
  }
}
