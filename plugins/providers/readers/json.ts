import type { MakeParser } from './entry.ts'
import { isObject, parsedOf } from './values.ts'

/**
 * Reads JSON objects: one document, the items of an array, or one on each line. If each object is on its own line, an incomplete or
 * damaged line does not affect the next line.
 */
export const jsonParser: MakeParser = (emit, note) => {
  const decoder = new TextDecoder()
  const read = (text: string, inArray: boolean): boolean => {
    const json = parsedOf(text)
    if (isObject(json)) emit({ json, document: inArray ? 'item' : 'object' })
    return isObject(json)
  }
  const splitter = createSplitter(read, () => note('skipped a line that is not a JSON object'))
  return {
    feed: (bytes) => splitter.feed(decoder.decode(bytes, { stream: true })),
    end() {
      splitter.feed(decoder.decode())
      return splitter.end()
    },
  }
}

/**
 * Splits a text into JSON objects by their braces, and looks at each character once. `read` receives the text of an object, and returns false
 * if it is not JSON; `onJunk` is called for such a text, and for other text between the objects.
 */
function createSplitter(read: (text: string, inArray: boolean) => boolean, onJunk: () => void) {
  const scanner = createScanner()
  let fragments: string[] = []
  let inArray = false
  /** True if each object is on its own line; the first object decides. */
  let isPerLine: boolean | undefined
  const close = (last: string) => {
    if (!scanner.isOpen()) isPerLine ??= !scanner.hasLines()
    const text = [...fragments, last].join('')
    fragments = []
    scanner.close()
    if (!read(text, inArray)) onJunk()
  }
  return {
    feed(text: string) {
      let start = 0
      for (let at = 0; at < text.length; at++) {
        const char = text[at] as string
        if (scanner.isOpen()) {
          if (scanner.next(char, isPerLine === true)) close(text.slice(start, at + 1))
        } else if (char === '{') {
          scanner.open()
          start = at
        } else if (char === '[' || char === ']') inArray = char === '['
        else if (!/[\s,\ufeff]/.test(char)) onJunk()
      }
      if (scanner.isOpen()) fragments.push(text.slice(start))
    },
    /** Reads the rest: an incomplete object, or a damaged object with the objects after it. True if the last object or the array has no end. */
    end(): boolean {
      const lines = linesIn(fragments.join(''))
      const isWhole = lines.map((line) => read(line, inArray))
      if (isWhole.slice(0, -1).includes(false)) onJunk()
      return inArray || isWhole.at(-1) === false
    },
  }
}

/** Finds the end of one object by its braces and strings. */
function createScanner() {
  let depth = 0
  let isQuoted = false
  let isEscaped = false
  let hasLines = false
  const follow = (char: string) => {
    if (char === '"') isQuoted = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    return depth === 0
  }
  const followString = (char: string) => {
    if (char === '"' && !isEscaped) isQuoted = false
    isEscaped = char === '\\' && !isEscaped
    return false
  }
  return {
    isOpen: () => depth > 0,
    hasLines: () => hasLines,
    /** Starts at the first brace. */
    open() {
      depth = 1
    },
    /** Reads a character; true if the object ends with this character. */
    next(char: string, isPerLine: boolean): boolean {
      if (char !== '\n') return isQuoted ? followString(char) : follow(char)
      hasLines = true
      // A string cannot contain a line end.
      return isQuoted || isPerLine
    },
    close() {
      depth = 0
      isQuoted = isEscaped = hasLines = false
    },
  }
}

/** The lines of a text if each of several objects starts on its own line; otherwise the text. The lines of a single object are indented. */
function linesIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const arePerLine = lines[0]?.trim() !== '{' && lines.slice(1).some((line) => line.startsWith('{'))
  return arePerLine || lines.length === 0 ? lines : [text]
}

/** The JSON objects of a text, in order. If the text contains anything else, the text itself is the last item. */
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
