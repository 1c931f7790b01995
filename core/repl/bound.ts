import type { Io } from '../io.ts'
import type { Mode } from '../mode.ts'
import type { Keys } from './editor.ts'
import type { Input } from './input.ts'

type Abortable = (work: (inner: Io) => Promise<string>) => Promise<string | undefined>

/** A mode's keys for the editor: on an empty line a key runs its command, in a line it inserts the text that the command gives. */
export const bindKeys = (keys: Mode['keys'], input: Input, abortable: Abortable): Keys =>
  new Map(
    [...(keys ?? [])].map(([letter, { run, insert }]) => [
      letter,
      async (line) => {
        const [text, at] = [line.text(), line.cursor()]
        if (text === '') {
          line.set(run)
          return true
        }
        input.close()
        const added = (await abortable(insert)) ?? ''
        input.open()
        line.set(text.slice(0, at) + added + text.slice(at), at + added.length)
        return false
      },
    ]),
  )
