import path from 'node:path'
import { fileProblem } from '../files/file-problem.ts'
import { configFolder } from '../files/paths.ts'
import { withoutMark } from '../files/regular-file.ts'
import { replacePrivateFile } from '../files/replace-file.ts'
import { codeOf, Problem } from '../kernel/problem.ts'
import { type ConfigContent, jsonContent, yamlContent } from './config-content.ts'
import { findUserConfigs, MAX_BYTES, realFile } from './discovery.ts'
import { configOf, isCode, readConfig } from './read-config.ts'

/** The editable config of the user. A change keeps comments and the order of keys. */
export interface UserConfigFile extends Omit<ConfigContent, 'text'> {
  /** The real path; config.yaml in the config folder if there is no config yet. */
  file: string
  /** Replaces the file, with mode 0600. Throws a Problem if the new text is invalid or another process changed the file. */
  write(): Promise<void>
}

/** Opens the user's config for changes. Throws a Problem if the config is invalid or code. */
export async function openUserConfig(env: NodeJS.ProcessEnv): Promise<UserConfigFile> {
  const { file, text: before, write } = openUserConfigText(env)
  if (before !== undefined) await configOf({ file, text: before }, env)
  const { text, ...content } = await (file.endsWith('.json') ? jsonContent : yamlContent)(withoutMark(before ?? ''))
  return { file, ...content, write: () => write(text()) }
}

/** The text of the user's config. */
export interface UserConfigText {
  file: string
  /** Absent if there is no config yet. */
  text?: string
  /** Replaces the file like `write` of UserConfigFile. */
  write(after: string): Promise<void>
}

/** Opens the text of the user's config, valid or not. Throws a Problem if the config is code. */
export function openUserConfigText(env: NodeJS.ProcessEnv): UserConfigText {
  const file = realFile(findUserConfigs(env)[0] ?? path.join(configFolder(env), 'config.yaml'))
  if (isCode(file)) throw new Problem('config', `${file} is code, which no command can change`, { hint: `edit ${file} in your editor` })
  const before = readText(file)
  return {
    ...{ file, text: before },
    async write(after) {
      if (Buffer.byteLength(after) > MAX_BYTES) throw new Problem('config', `${file} would be larger than ${MAX_BYTES >> 20} MB`)
      await configOf({ file, text: after }, env)
      if (readText(file) !== before)
        throw new Problem('config', `another process changed ${file}; nothing was written`, { hint: 'run the command again' })
      replace(file, after)
    },
  }
}

/** Returns the text of a config; undefined if there is no file. */
function readText(file: string): string | undefined {
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
