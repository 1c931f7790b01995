const [QUOTE, BACKSLASH, COLON, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x2d, 0x30, 0x39]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d]

const NUMBER = /-?\d[\d.eE+-]*/y

/** Finds the numbers in valid JSON that JSON.stringify would write differently, such as 1.10, 1E5, -0 and 2^53 + 1. */
export function* inexactNumbers(text: string): Iterable<{ start: number; number: string }> {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i)
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = i
      const number = NUMBER.exec(text)?.[0] ?? ''
      if (String(Number(number)) !== number) yield { start: i, number }
      i += number.length - 1
    }
  }
}

/** Returns the first key in valid JSON that an object has twice. JSON.parse would keep only its last value. */
export function duplicateKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === OPEN_OBJECT) open.push(new Set())
    else if (code === OPEN_ARRAY) open.push(undefined)
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop()
    else if (code === QUOTE) {
      const end = endOfString(text, i)
      const keys = open.at(-1)
      if (keys && isKey(text, end + 1)) {
        const key = keyText(text.slice(i, end + 1))
        if (keys.has(key)) return key
        keys.add(key)
      }
      i = end
    }
  }
  return undefined
}

/** The index of the quote that ends the string whose first quote is at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before--
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}

/** True if a colon is the first character after white space from `i` on. */
function isKey(text: string, i: number): boolean {
  while (text.charCodeAt(i) <= 0x20) i++
  return text.charCodeAt(i) === COLON
}

const keyText = (quoted: string): string => (quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1))
