/** Returns the number at a place of a list, and 0 beyond its end. */
export function numberAt(list: ArrayLike<number>, place: number): number {
  return list[place] ?? 0;
}
