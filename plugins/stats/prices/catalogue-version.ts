/** The version of the built-in price catalogue, and the day of its release. */
export const CATALOGUE = { version: '0.1.8', date: '2026-09-23' }
