/** A config file in use, and its trust. `not needed`: a project config that sets only display defaults. */
export interface ConfigFile {
  file: string
  layer: 'user' | 'project'
  trust: 'own' | 'trusted' | 'untrusted' | 'not needed'
}

/** The block `defaults` of the config: values for flags that are not set. */
export interface Defaults {
  /** The number of rows in a list. */
  limit?: number
  sort?: 'date' | 'title' | 'messages' | 'updated' | 'created'
  /** The output format of lists that support it. */
  format?: string
  color?: 'auto' | 'always' | 'never'
  /** The tags of a new session without --tags. */
  tags?: string[]
  /** The project of a new session whose metadata has no project. */
  project?: string
  /** The IANA time zone of days in statistics. */
  time_zone?: string
}
