import type { Io, Mode } from 'ainative-code'
import type { KeyHandler } from './editor.ts'
import { type Input, whilePromptWaits } from './input.ts'

type Abortable = (work: (inner: Io) => Promise<string>) => Promise<string | undefined>

/** Converts the key bindings of a mode to the form of the editor. */
export const bindKeys =
  (key: Mode['key'], input: Input, abortable: Abortable): KeyHandler =>
  (letter) => {
    const bound = key?.(letter)
    if (!bound) return undefined
    return async (line) => {
      const [text, at] = [line.text(), line.cursor()]
      if (text === '') {
        line.set(bound.run)
        return true
      }
      input.close()
      const insertion = (await whilePromptWaits(() => abortable(bound.insert))) ?? ''
      input.open()
      line.set(text.slice(0, at) + insertion + text.slice(at), at + insertion.length)
      return false
    }
  }
