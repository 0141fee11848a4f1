/** Made-up codes and orders, for the checks of a text and for its preview. */

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The address of a license page, as long as a real one. */
export const SAMPLE_PAGE = `https://licenses.example.com/license/${'Ek4nZ-x0_Qa'.repeat(6).slice(0, 59)}`;

/** The address of the newest download, as long as a real one. */
export const SAMPLE_LATEST = SAMPLE_PAGE.replace('/license/', '/download/');

/** Looks well-formed, and is not valid: 160 characters of the alphabet, always the same. */
export function sampleCodes(count: number): string[] {
  let state = 1;
  const digit = () => {
    // The linear congruential generator of Numerical Recipes; its high bits.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return DIGITS[state >>> 27];
  };
  return Array.from({ length: count }, () => `2${Array.from({ length: 159 }, digit).join('')}`);
}

/** Units bought, with one code per unit or one code for all units. */
export const UNITS = [
  [1, sampleCodes(1)] as const,
  [2, sampleCodes(2)] as const,
  [5, sampleCodes(5)] as const,
  [5, sampleCodes(1)] as const,
];
