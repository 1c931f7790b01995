/** Ends the process. Works although guardExit replaced process.exit. */
export const exitProcess = process.exit.bind(process) as typeof process.exit

/** Makes process.exit throw, so that a plugin cannot end the program. */
export function guardExit(): void {
  // In a worker thread, process.exit ends only the thread, and Node itself calls it.
  if (!process.getBuiltinModule('node:worker_threads').isMainThread) return
  process.exit = (code) => {
    throw new Error(`it called process.exit(${code ?? ''}), which cannot end the program`)
  }
}
