/** All screens, in the order in which their paths are tried. */
import { overview } from './overview/route.ts';
import type { Screen } from './visit.ts';

export const SCREENS: readonly Screen[] = [overview];
