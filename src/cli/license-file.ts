/** A license as a file: two lines for a person, then the code. A reader reads it like any other text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LicenseFile {
  readonly code: string;
  readonly product: string;
  readonly order: string;
}

/** Creates the folder where it is missing; the same license gives the same file. */
export function writeLicenseFile(folder: string, id: string, file: LicenseFile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${id}.license`), licenseFileText(file));
}

export function licenseFileText({ code, product, order }: LicenseFile): string {
  return `# License for ${product}, order ${order}\n# Open this file with the program, or paste all of it.\n${code}\n`;
}
