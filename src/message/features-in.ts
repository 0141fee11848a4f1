/** The names of the features that a license has, in the order of `names`: all names of its product, by the places of their bits. */
export function featuresIn(bits: number, names: readonly string[]): readonly string[] {
  return names.filter((_, place) => (bits & (1 << place)) !== 0);
}
