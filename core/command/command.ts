import type * as z from 'zod'
import type { AnyCommand, Command, CommandEntry } from '../contract/host.ts'

/** Returns the command unchanged; the call only infers its types. */
export const defineCommand = <I extends z.ZodObject, D>(command: Command<I, D>): Command<I, D> => command

/** Loads the command of a registry entry. */
export const loadCommand = (entry: CommandEntry): Promise<AnyCommand> => ('load' in entry ? entry.load() : Promise.resolve(entry))
