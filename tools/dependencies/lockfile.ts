/** Reads package-lock.json: each package with the line of its entry. */
import { z } from 'zod';

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** The first line of its entry in the file, from 1. */
  readonly line: number;
  readonly integrity: string | undefined;
  /** The address of its download, which .npmrc keeps out. */
  readonly resolved: string | undefined;
  readonly hasInstallScript: boolean;
  /** True for packages that the service does not need at run time. */
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

/** Each package as often as it is in the tree, without the project. Throws where the text is no lockfile version 3. */
export function readLockfile(text: string): readonly LockedPackage[] {
  const lines = text.split('\n').map((line) => line.trim());
  return Object.entries(Lockfile.parse(JSON.parse(text)).packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, version, integrity, resolved, hasInstallScript, dev }]) => ({
      // An alias is installed under a name other than its published name.
      name: name ?? path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      version,
      line: lines.indexOf(`${JSON.stringify(path)}: {`) + 1,
      integrity,
      resolved,
      hasInstallScript,
      dev,
    }));
}
