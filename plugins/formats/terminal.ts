import { Marked } from 'marked'
import { markedTerminal } from 'marked-terminal'

/** Markdown as styled lines for a terminal of this width. */
export function renderMarkdown(text: string, width: number): string {
  const marked = new Marked(markedTerminal({ width: Math.min(width, 100), reflowText: false, showSectionPrefix: false }))
  return (marked.parse(text, { async: false }) as string).trimEnd()
}
