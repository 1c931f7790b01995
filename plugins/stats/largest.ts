/** Finds the largest number; 0 if all are below 0. Math.max() fails with very many arguments. */
export function largest(numbers: Iterable<number>): number {
  let max = 0
  for (const each of numbers) if (each > max) max = each
  return max
}
