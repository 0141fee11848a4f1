/** The settings of a marketplace: environment variables, read by zod into an account. */
import type { z } from 'zod';
import type { Account, MarketplaceSettings } from './marketplace.ts';

/** `schema` has a key for each environment variable; an unset variable is undefined there. */
export function settingsOf<S extends z.ZodObject>(
  schema: S,
  fromFile: readonly (keyof S['shape'] & string)[],
  accountOf: (set: z.output<S>) => Account,
): MarketplaceSettings {
  return {
    names: Object.keys(schema.shape),
    fromFile,
    read: (given) => {
      const parsed = schema.safeParse(given);
      if (parsed.success) return { account: accountOf(parsed.data) };
      return { faults: parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`) };
    },
  };
}
