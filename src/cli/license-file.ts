/** Writes licenses as files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LicenseFile, licenseFileText } from '../message/license-file.ts';

/** Creates the folder where it is missing; the same license gives the same file. */
export function writeLicenseFile(folder: string, id: string, file: LicenseFile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${id}.license`), licenseFileText(file));
}
