/** An item with a name that is unique in its registry. */
export interface Named {
  name: string
  aliases?: readonly string[]
  /** Aliases that only the command line accepts, because a JSONata root has the same name at the prompt. */
  argvAliases?: readonly string[]
}

/** Named items that plugins add. If two items have the same name, the first one is used. */
export interface Registry<T extends Named> {
  add(item: T): void
  /** The item with this name or alias. */
  find(name: string): T | undefined
  /** The item with this name or alias. Throws a usage Problem that suggests the closest name. */
  get(name: string): T
  all(): T[]
  names(): string[]
}
