/** The released versions that `npm run test:upgrade` upgrades from, by their commits. */

export interface Released {
  readonly version: string;
  readonly commit: string;
}

export const RELEASED: readonly Released[] = [{ version: '0.1.0', commit: '415cb40' }];
