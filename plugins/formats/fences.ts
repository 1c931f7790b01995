import { Marked, type Token, type Tokens } from 'marked'

/** A fenced block of code, with the language as it stands after the fence. */
export interface Fence {
  lang: string
  text: string
}

const marked = new Marked()

/** The fenced blocks of a Markdown text, also those within quotes and lists, in order. */
export function fencesOf(text: string): Fence[] {
  const found: Fence[] = []
  try {
    marked.walkTokens(marked.lexer(text), (token: Token) => {
      const { type, codeBlockStyle, lang = '', text: code } = token as Tokens.Code
      if (type === 'code' && codeBlockStyle !== 'indented') found.push({ lang: lang.trim(), text: code })
    })
  } catch (error) {
    // Quotes within quotes, thousands deep.
    if (!(error instanceof RangeError)) throw error
  }
  return found
}
