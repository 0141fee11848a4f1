/** What package-lock.json says of each package, with the line that says it. */
import { z } from 'zod';

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Where its entry begins in the file, counted from 1. */
  readonly line: number;
  readonly integrity: string | undefined;
  /** The address it was downloaded from, which .npmrc keeps out. */
  readonly resolved: string | undefined;
  readonly hasInstallScript: boolean;
  /** True for what the service runs without. */
  readonly dev: boolean;
}

const Lockfile = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string(),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
      dev: z.boolean().default(false),
    }),
  ),
});

const FOLDER = 'node_modules/';

/** Each package as often as it is in the tree; the project itself is none. Throws where the text is no lockfile of version 3. */
export function readLockfile(text: string): readonly LockedPackage[] {
  const lines = text.split('\n').map((line) => line.trim());
  return Object.entries(Lockfile.parse(JSON.parse(text)).packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, version, integrity, resolved, hasInstallScript, dev }]) => ({
      // An alias is installed under another name than it was published under.
      name: name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      version,
      line: lines.indexOf(`${JSON.stringify(path)}: {`) + 1,
      integrity,
      resolved,
      hasInstallScript,
      dev,
    }));
}
