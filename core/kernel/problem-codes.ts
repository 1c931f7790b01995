/** The codes of problems, each with the sentence that docs/errors.md has for it. */
export const PROBLEM_CODES = {
  // The command line and the terminal.
  usage: 'The command line is wrong: an unknown flag, a missing argument or an invalid value.',
  interrupted: 'Ctrl-C or Ctrl-D ended a question.',
  'no-command': 'No command has this name.',
  'no-terminal': 'The command needs a terminal.',
  'no-clipboard': 'No clipboard command works, and the terminal cannot copy.',
  'no-lines': 'The command runs lines, but no shell or script runs it.',
  editor: 'The text editor cannot be started, failed, or removed its file.',
  unsettled: 'The command never finished: a promise never settled.',

  // Configuration, plugins and trust.
  config: 'A config file cannot be read or changed, or a value is missing or invalid.',
  'not-set': 'The config has no value for this key.',
  'not-saved': '`provider setup` ended before it saved anything.',
  trust: 'A project config is not trusted, changed since it was trusted, or cannot be trusted.',
  plugin: 'A plugin failed, or cannot be loaded.',
  module: 'A TypeScript or JavaScript file cannot be read or compiled.',
  'no-store': 'No plugin provides a store.',
  'no-query': 'No plugin can evaluate `--query` or `--where`.',
  'no-search': 'No plugin can search for words.',
  'no-format': 'No export format has this name.',
  'no-provider': 'No provider has this name, or no provider is configured.',
  'no-function': 'No query function has this name.',
  'no-completer': 'No completer has this name.',
  'no-task': 'No worker task has this name.',

  // Files and streams.
  file: 'A file cannot be read or written.',
  exists: 'A file, a session or a name exists already, or occurs twice in an import.',
  input: 'The input is too long, or cannot be read.',
  output: 'The result cannot be written to standard output.',
  'too-large': 'The data is larger than the limit.',
  json: 'A text is not valid JSON, or a value has no JSON form.',
  'no-home': 'The account has no home folder.',

  // Sessions and messages.
  ambiguous: 'An id or a title does not name exactly one session.',
  'no-session': 'No session has this id or title.',
  'no-message': 'The session has no such message.',
  'no-code': 'The messages have no code block.',
  trashed: 'The session is in the trash.',
  'not-trashed': 'The session is not in the trash.',
  changed: 'Another process changed the session; nothing was saved.',
  edit: 'The edited text is not a valid session.',
  'invalid-import': 'The import has invalid sessions; nothing was imported.',
  'import-expired': 'Another process removed the import, which seemed to have ended.',

  // The database.
  database: 'The database cannot be opened, read or written.',
  'no-database': 'No database exists yet, or the store is not a SQLite database.',
  'not-a-database': 'The file is not a SQLite database.',
  'foreign-database': 'The file is a SQLite database of another program.',
  'newer-database': 'A newer version of ainative-code wrote the database.',
  'database-removed': 'The database file was removed or replaced while it was open.',
  damaged: 'The database, or the stream of a reply, is damaged.',
  'stale-wal': 'The write-ahead log belongs to another state of the database.',
  locked: 'Another process has locked the database.',
  'in-use': 'Another program uses the target of the backup.',
  'invalid-backup': 'The backup is damaged, or is not a database.',
  'incomplete-removal': 'The sessions were removed, but parts of their text may remain in the file.',
  driver: 'The SQLite driver is missing or broken.',

  // Queries, scripts and templates.
  query: 'A query or a condition failed.',
  syntax: 'The expression is not valid JSONata.',
  worker: 'The worker process of a query did not start, ended, or ran out of memory.',
  script: 'A script is invalid, or a line of it failed.',
  recursion: 'Scripts or lines run each other endlessly.',
  template: 'A chat template is invalid.',
  'no-template': 'No chat template has this name.',

  // Providers and models.
  'no-key': 'The provider needs an API key, and none is set or readable.',
  'no-model': 'The provider has no such model, names none, or lists none.',
  provider: 'The provider refused the request or failed, for a reason without a code.',
  dns: 'The address of the provider was not found.',
  refused: 'No server listens at the address of the provider.',
  tls: 'No secure connection to the provider is possible.',
  proxy: 'The proxy needs a login, or refused it.',
  timeout: 'The provider, or a query, exceeded its time limit.',
  cut: 'The connection to the provider was lost.',
  'no-api': 'The server does not answer as the API of the provider does.',
  quota: 'The account has no credit left.',
  'rate-limit': 'The provider accepts no more requests for now.',
  'too-long': 'The conversation is longer than the context window of the model.',
  filtered: 'The content filter of the provider refused the message or ended the reply.',
  'key-refused': 'The provider refused the API key.',
  forbidden: 'The API key has no permission for the request.',
  overloaded: 'The provider is overloaded.',
  server: 'The provider failed with an internal error.',

  // The sync server.
  'no-endpoint': 'No sync server is configured.',
  'server-dns': 'The host of the sync server was not found.',
  'server-refused': 'No server listens at the address of the sync server.',
  'server-timeout': 'The sync server does not answer.',
  'server-cut': 'The connection to the sync server was lost.',
  'server-tls': 'No secure connection to the sync server is possible, or the settings do not ask for one.',
  'server-password': 'The sync server refused the user or the password.',
  'server-database': 'The sync server has no such database.',
  'server-busy': 'The sync server accepts no connection for now.',
  'server-setup': 'The database of the sync server is not set up, or its objects belong to someone else.',
  'server-old': 'The sync server, or its schema, is too old.',
  'newer-server': 'The schema of the sync server is too new for this version of ainative-code.',
  'server-rights': 'The user of the sync server has no right to do this, or too many rights.',
  'local-only': 'The session stays on this device, so it is neither synced nor shared.',
  'sync-running': 'Another process syncs the same database.',
  'server-failed': 'The sync server reported an error without a code of its own.',
  'local-server': 'The PostgreSQL server of this machine cannot be started or stopped.',
  'no-user': 'The sync server has no such user or team.',

  // Login.
  keyring: 'The keyring of the operating system is missing, locked or broken.',
  issuer: 'The issuer of logins cannot be reached, or does not answer as an issuer does.',
  'login-refused': 'The issuer or the user refused the login, or the login took too long.',
  'no-login': 'Nobody is logged in, or the login has ended.',
  'no-device-flow': 'The issuer has no device flow.',
  clock: 'The clock of this machine differs from the clock of a server.',
} as const satisfies Record<string, string>

/** The code of a problem that this program reports. */
export type ProblemCode = keyof typeof PROBLEM_CODES

/** The code of an external plugin's own problem: the name of the plugin, a colon, and any text. */
export type PluginCode = `${string}:${string}`
