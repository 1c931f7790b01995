/** One input field of a command, read from its zod schema. */
export interface Field {
  key: string
  /** `--older-than`, or `--no-activate` for a switch that is on by default. */
  flag: string
  kind: 'switch' | 'value' | 'list'
  alias?: string
  /** The placeholder of the value in help. */
  value: string
  description: string
  required: boolean
  default?: unknown
  /** True if the schema accepts any text, or any list of texts, and does not change it. */
  plain: boolean
  choices?: string[]
  /** The kind of its values for completion; for a list, one kind for each word, the last one for all further words. */
  complete?: string | string[]
}
