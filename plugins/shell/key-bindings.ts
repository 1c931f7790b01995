import type { Io, Mode } from 'ainative-code'
import type { Keys } from './editor.ts'
import type { Input } from './input.ts'

type Abortable = (work: (inner: Io) => Promise<string>) => Promise<string | undefined>

/** A mode's keys as the editor takes them. */
export const bindKeys =
  (key: Mode['key'], input: Input, abortable: Abortable): Keys =>
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
      const added = (await abortable(bound.insert)) ?? ''
      input.open()
      line.set(text.slice(0, at) + added + text.slice(at), at + added.length)
      return false
    }
  }
