/** The line in the editor, for Tab, key bindings and the history search. */
export interface Line {
  text(): string
  /** The position of the cursor, in UTF-16 code units. */
  cursor(): number
  /** Replaces the text. `cursor` defaults to its end. */
  set(text: string, cursor?: number): void
  /** Writes text below the line, then shows the line again. */
  below(text: string): void
  /** Replaces the prompt. */
  prompt(text: string): void
}
