/** True in `npm run test:long`, which runs wide tables and many rounds in full. */
export const LONG = process.env.TEST_LONG === '1'

/** Every `every`th row of a wide table; in `npm run test:long` all rows. */
export const thin = <T>(every: number, rows: readonly T[]): T[] => rows.filter((_, i) => LONG || i % every === 0)
