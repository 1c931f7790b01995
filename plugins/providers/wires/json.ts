import type { MakeParser } from './records.ts'
import { isObject, parsedOf } from './values.ts'

/**
 * Reads JSON objects: one document, the items of an array, or one on each line. Where each stands on a line of its own, a line that is
 * cut or damaged does not take the next one with it.
 */
export const jsonParser: MakeParser = (give, note) => {
  const decoder = new TextDecoder()
  const noObject = () => note('passed over a line that is no JSON object')
  const read = (text: string, inArray: boolean): boolean => {
    const json = parsedOf(text)
    if (isObject(json)) give({ json, document: inArray ? 'item' : 'object' })
    return isObject(json)
  }
  const splitter = createSplitter(read, noObject)
  return {
    feed: (bytes) => splitter.feed(decoder.decode(bytes, { stream: true })),
    end() {
      splitter.feed(decoder.decode())
      return splitter.end()
    },
  }
}

/**
 * Cuts a text into JSON objects by their braces, looking at each character once. `read` takes an object, and returns false for a text that
 * is none; `junk` is called for such a text, and for other text between the objects.
 */
function createSplitter(read: (text: string, inArray: boolean) => boolean, junk: () => void) {
  let fragments: string[] = []
  let depth = 0
  let quoted = false
  let escaped = false
  let hasLines = false
  let inArray = false
  /** Whether objects stand on lines of their own; the first one tells. */
  let perLine: boolean | undefined
  const close = (last: string) => {
    const text = [...fragments, last].join('')
    fragments = []
    depth = 0
    quoted = escaped = hasLines = false
    if (!read(text, inArray)) junk()
  }
  /** Follows a character; true where it ends what is open. */
  const ends = (char: string): boolean => {
    if (char === '\n') {
      hasLines = true
      // Within a string no line can end.
      return quoted || perLine === true
    }
    if (quoted) {
      if (char === '"' && !escaped) quoted = false
      escaped = char === '\\' && !escaped
      return false
    }
    if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') return --depth === 0
    return false
  }
  return {
    feed(text: string) {
      let start = 0
      for (let at = 0; at < text.length; at++) {
        const char = text[at] as string
        if (depth > 0) {
          if (!ends(char)) continue
          if (depth === 0) perLine ??= !hasLines
          close(text.slice(start, at + 1))
        } else if (char === '{') {
          depth = 1
          start = at
        } else if (char === '[' || char === ']') inArray = char === '['
        else if (!/[\s,\ufeff]/.test(char)) junk()
      }
      if (depth > 0) fragments.push(text.slice(start))
    },
    /** Reads what is left: an object that was cut, or damaged with others on the lines after it. True if the last one or the array has no end. */
    end(): boolean {
      const lines = linesIn(fragments.join(''))
      const whole = lines.map((line) => read(line, inArray))
      if (whole.slice(0, -1).includes(false)) junk()
      return inArray || whole.at(-1) === false
    },
  }
}

/** The lines of a text where more than one object begins on a line of its own; else the text. An object of several lines is indented. */
function linesIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const arePerLine = lines[0]?.trim() !== '{' && lines.slice(1).some((line) => line.startsWith('{'))
  return arePerLine || lines.length === 0 ? lines : [text]
}

/** The JSON objects of a text in which several may follow each other; the text itself comes last if it holds anything else. */
export function objectsIn(text: string): unknown[] {
  const found: unknown[] = []
  let hasJunk = false
  const read = (each: string): boolean => {
    const json = parsedOf(each)
    if (isObject(json)) found.push(json)
    else hasJunk = true
    return isObject(json)
  }
  const splitter = createSplitter(read, () => {
    hasJunk = true
  })
  splitter.feed(text)
  splitter.end()
  return hasJunk ? [...found, text] : found
}
