import type { CommandEntry, Host } from '../contract/host.ts'

/** A command, and the words of its name and after it. */
export interface FoundCommand {
  entry: CommandEntry
  /** The name or alias on the line. */
  name: string
  rest: string[]
}

/** Returns the command with the longest name that the first words match. */
export function findCommand(host: Host, words: readonly string[]): FoundCommand | undefined {
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const name = words.slice(0, count).join(' ')
    const entry = host.commands().find(name)
    if (entry) return { entry, name, rest: words.slice(count) }
  }
  return undefined
}

/** Returns the command that a hint suggests for a text that is not a command. */
export const textCommand = (host: Host) =>
  host
    .commands()
    .all()
    .find(({ textHint }) => textHint !== undefined)
