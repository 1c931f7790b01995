/** The possible values of a text on the command line, most likely first. The key accepts or rejects each value. */
export async function valuesOf(text: string): Promise<unknown[]> {
  const trimmed = text.trim()
  return /^[[{]/.test(trimmed) ? [...(await yamlValue(trimmed)), text] : [...scalar(trimmed), text, listOf(text)]
}

/** Returns an array with the boolean or number that a text represents, or an empty array. A number in another form, such as `1.0`, is a text. */
function scalar(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text === 'true']
  return Number.isFinite(Number(text)) && String(Number(text)) === text ? [Number(text)] : []
}

/** Splits a text such as `go, api` into a list. */
const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

/** Parses a list or a block in YAML or JSON; returns an empty array for invalid YAML. */
async function yamlValue(text: string): Promise<unknown[]> {
  const { default: yaml } = await import('yaml')
  const document = yaml.parseDocument(text, { prettyErrors: false })
  return document.errors.length > 0 ? [] : [document.toJS()]
}
