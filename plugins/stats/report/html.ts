import { plain } from '../plain.ts'
import { STYLE } from './style.ts'

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text from outside as HTML in one line. */
export const text = (value: string) => plain(value).replace(/[&<>"']/g, (char) => ENTITIES[char] as string)

/** An element with this HTML in it. */
export const element = (name: string, html: string, attributes = '') => `<${name}${attributes && ` ${attributes}`}>${html}</${name}>`

/** A section with a heading; nothing where it would hold nothing. */
export const section = (title: string, html: string) => (html ? element('section', element('h2', text(title)) + html) : '')

/** A table of texts: the first column names the row, the others are numbers. */
export function table(titles: string[], rows: string[][]): string {
  if (rows.length === 0) return ''
  const head = titles.map((title) => element('th', text(title), 'scope="col"')).join('')
  const row = ([name = '', ...cells]: string[]) =>
    element('tr', element('th', `<bdi>${text(name)}</bdi>`, 'scope="row"') + cells.map((cell) => element('td', text(cell))).join(''))
  const html = element('thead', element('tr', head)) + element('tbody', rows.map(row).join('\n'))
  // In a narrow window the name of such a row stands above its numbers.
  return element('div', element('table', html, titles.length > 3 ? 'class="many"' : ''), 'class="rows"')
}

/** Forbids what the page does not need, so that nothing in it could load or run anything. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** A page that needs no other file. The empty icon keeps a browser from asking a server for one. */
export const page = (title: string, parts: string[]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${parts.filter(Boolean).join('\n')}
</main>
</body>
</html>
`
