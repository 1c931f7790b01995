/** Ends the process: the real one, whatever stands at process.exit now. */
export const exitProcess = process.exit.bind(process) as typeof process.exit

/** From here on process.exit throws: a plugin that calls it must not end the program. */
export function guardExit(): void {
  // In a thread it ends the thread alone, and node itself needs it there.
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) return
  process.exit = (code) => {
    throw new Error(`it called process.exit(${code ?? ''}), which cannot end the program`)
  }
}
