/** The line in the editor, for Tab, key bindings and the history search. */
export interface Line {
  text(): string
  cursor(): number
  set(text: string, cursor?: number): void
  /** Writes text below the line, then shows the line again. */
  below(text: string): void
  prompt(text: string): void
}
