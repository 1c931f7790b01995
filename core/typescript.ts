import { pathToFileURL } from 'node:url'

/** The default export of a TypeScript or JavaScript file. */
export async function loadModule(file: string, _env: NodeJS.ProcessEnv): Promise<unknown> {
  const { tsImport } = await import('tsx/esm/api')
  const { default: value } = await tsImport(pathToFileURL(file).href, pathToFileURL(file).href)
  return value?.default ?? value
}
