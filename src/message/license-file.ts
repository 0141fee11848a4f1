/** A license as a file: two lines for a person, then the code. A reader reads it like any other text. */

export interface LicenseFile {
  readonly code: string;
  readonly product: string;
  /** Undefined: who holds the license is not told. */
  readonly order: string | undefined;
}

export function licenseFileText({ code, product, order }: LicenseFile): string {
  const of = order === undefined ? '' : `, order ${order}`;
  return `# License for ${product}${of}\n# Open this file with the program, or paste all of it.\n${code}\n`;
}
