/** Ends the process: the real one, whatever stands at process.exit now. */
export const exitProcess = process.exit.bind(process) as typeof process.exit

/** From here on process.exit throws: a plugin that calls it must not end the program. */
export function guardExit(): void {
  process.exit = (code) => {
    throw new Error(`it called process.exit(${code ?? ''}), which cannot end the program`)
  }
}
