import type { Store, Totals, TotalsRow } from 'ainative-code'

/** Answers questions with the store's `aggregate`, or from the store's rows if the store has no such method. */
export async function answerQuestions(store: Store, questions: Totals[], signal?: AbortSignal): Promise<TotalsRow[][]> {
  if (store.aggregate) return store.aggregate(questions, signal)
  const { computeTotals } = await import('./compute-totals.ts')
  const rows: TotalsRow[][] = []
  for (const question of questions) rows.push(await computeTotals(store, question, signal))
  return rows
}
