/** The largest number, at least 0; Math.max cannot take as many arguments as there may be rows. */
export function largest(numbers: Iterable<number>): number {
  let most = 0
  for (const each of numbers) if (each > most) most = each
  return most
}
