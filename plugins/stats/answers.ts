import type { Store, Totals, TotalsRow } from 'ainative-code'

/** The answers to questions, by the store where it can, else from its rows. */
export async function answers(store: Store, questions: Totals[], signal?: AbortSignal): Promise<TotalsRow[][]> {
  if (store.aggregate) return store.aggregate(questions, signal)
  const { compute } = await import('./compute.ts')
  const found: TotalsRow[][] = []
  for (const question of questions) found.push(await compute(store, question, signal))
  return found
}
