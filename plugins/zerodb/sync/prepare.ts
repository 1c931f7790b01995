import type { Connection } from '../../sqlite/index.ts'

/** Prepares statements of one connection: to run, to read one row, and to read all rows. */
export const statementsOf = (connection: Connection) => ({
  run(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.run(...values)
  },
  get<T>(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.get(...values) as T | undefined
  },
  all<T>(sql: string) {
    const statement = connection.prepare(sql)
    return (...values: unknown[]) => statement.all(...values) as T[]
  },
})

/** Functions that prepare statements of one connection. */
export type Statements = ReturnType<typeof statementsOf>
