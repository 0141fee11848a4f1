/** The regression line through a series of figures: is it rising? */

export interface Trend {
  /** The mean increase from one figure to the next, by least squares. */
  readonly slope: number;
  /** The standard error of the slope; NaN for fewer than three figures. */
  readonly error: number;
}

export function trendOf(values: readonly number[]): Trend {
  const count = values.length;
  const middle = (count - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let spread = 0;
  let together = 0;
  for (const [place, value] of values.entries()) {
    spread += (place - middle) ** 2;
    together += (place - middle) * (value - mean);
  }
  const slope = together / spread;
  let rest = 0;
  for (const [place, value] of values.entries()) rest += (value - mean - slope * (place - middle)) ** 2;
  return { slope, error: count < 3 ? Number.NaN : Math.sqrt(rest / (count - 2) / spread) };
}

/** More than two standard errors above zero, and more than the bound: neither noise nor insignificant. */
export function rises({ slope, error }: Trend, bound: number): boolean {
  // Written so that NaN counts as rising.
  return !(slope <= 2 * error || slope <= bound);
}
