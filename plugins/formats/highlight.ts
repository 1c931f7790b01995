import { common, createLowlight } from 'lowlight'
import { paint, type Style } from './paint.ts'

/** The styles by the class names of highlight.js. */
const STYLES: Record<string, Style> = {
  addition: 'green',
  attr: 'cyan',
  attribute: 'cyan',
  built_in: 'cyan',
  bullet: 'magenta',
  comment: 'gray',
  deletion: 'red',
  keyword: 'magenta',
  literal: 'yellow',
  meta: 'gray',
  name: 'blue',
  number: 'yellow',
  quote: 'gray',
  regexp: 'green',
  section: 'blue',
  'selector-class': 'cyan',
  'selector-id': 'cyan',
  'selector-tag': 'magenta',
  string: 'green',
  tag: 'gray',
  title: 'blue',
  type: 'cyan',
  variable: 'cyan',
}

/** The maximum length of code to highlight, in characters: highlighting longer code would delay the output. */
const MAX_CHARS = 100_000

const lowlight = createLowlight(common)
lowlight.registerAlias('typescript', ['tsx', 'mts', 'cts'])

/** Highlights code. `lang` is the text after a fence; code in an unknown language stays plain. */
export function highlight(code: string, lang = ''): string {
  const name = /^[^\s,{:]*/.exec(lang.trim())?.[0].toLowerCase() ?? ''
  return lowlight.registered(name) && code.length <= MAX_CHARS ? renderNode(lowlight.highlight(name, code)) : code
}

type Root = ReturnType<typeof lowlight.highlight>
type Node = Root | Root['children'][number]

function renderNode(node: Node, style?: Style): string {
  if (node.type === 'text') return style ? node.value.replace(/[^\n]+/g, (line) => paint(style, line)) : node.value
  if (!('children' in node)) return ''
  const [first] = node.type === 'element' ? ((node.properties.className ?? []) as string[]) : []
  const nodeStyle = STYLES[first?.replace('hljs-', '') ?? ''] ?? style
  return node.children.map((child) => renderNode(child, nodeStyle)).join('')
}
