/** Types of better-sqlite3 13 under its alias in package.json. npm installs version 13 only on Node 22 and newer. */
declare module 'better-sqlite3-13' {
  import Database from 'better-sqlite3'
  export default Database
}
