/** The values that a text of the command line may mean, the likeliest first; which one it is depends on what the key takes. */
export async function valuesOf(text: string): Promise<unknown[]> {
  const trimmed = text.trim()
  return /^[[{]/.test(trimmed) ? [...(await inYaml(trimmed)), text] : [...scalar(trimmed), text, listOf(text)]
}

/** The boolean or the number that a text is. A number that would be written in another way is a text. */
function scalar(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text === 'true']
  return Number.isFinite(Number(text)) && String(Number(text)) === text ? [Number(text)] : []
}

/** `go, api` as a list, for keys that take one. */
const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

/** A list or a block in YAML, of which JSON is a part; nothing where the text is neither. */
async function inYaml(text: string): Promise<unknown[]> {
  const { default: yaml } = await import('yaml')
  const document = yaml.parseDocument(text, { prettyErrors: false })
  return document.errors.length > 0 ? [] : [document.toJS()]
}
