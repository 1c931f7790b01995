import { definePlugin, type Format } from 'ainative-code'
import { json, jsonl } from './json.ts'
import { markdownOf } from './markdown.ts'
import { textOf } from './text.ts'

export type { Fence } from './fences.ts'
export { markdownOf } from './markdown.ts'
export { type Marks, textOf } from './text.ts'

const plain = { width: Number.POSITIVE_INFINITY, color: false, interactive: false }

const markdown: Format = {
  name: 'markdown',
  aliases: ['md'],
  extension: '.md',
  write: ({ messages, ...session }) => markdownOf(session, [messages], plain),
  stream: (session, pages) => markdownOf(session, pages, plain),
  many: { begin: '', between: '\n', end: '' },
}

const text: Format = {
  name: 'text',
  aliases: ['txt'],
  extension: '.txt',
  write: ({ messages, ...session }) => textOf(session, [messages], plain),
  stream: (session, pages) => textOf(session, pages, plain),
  many: { begin: '', between: '\n', end: '' },
}

export type { MarkdownRenderer } from './markdown-renderer.ts'

/** Finds the fenced blocks of code in a Markdown text. */
export const codeIn = async (text: string) => (await import('./fences.ts')).fencesOf(text)

/** Creates a renderer for Markdown that arrives in pieces, on a terminal whose width may change. */
export const openMarkdownRenderer = async (width: () => number) => (await import('./markdown-renderer.ts')).createMarkdownRenderer(width)

/** Adds the formats json, jsonl, markdown and text. */
export default definePlugin({
  name: 'formats',
  apply({ hooks }) {
    hooks.formats.tap('formats', ({ add }) => [json, jsonl, markdown, text].forEach(add))
  },
})
