/** better-sqlite3 13 under the name of its alias in package.json; npm installs it on Node 22 and newer alone. */
declare module 'better-sqlite3-13' {
  import Database from 'better-sqlite3'
  export default Database
}
