/** Finds settings that Mintmark does not know, so that a misspelled name is not ignored silently. */
import { didYouMean, editDistance } from '../message/nearest.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface UnknownSettings {
  /** Faults stop the start. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** Other programs' variables share these prefixes, so only near misses of known names are reported. */
const COMMON_WORDS = new Set(['LOG', 'DATA', 'HOST', 'PORT', 'PUBLIC', 'SMTP', 'MAIL', 'SELLER']);

/** Fewer edits than between any two valid names. */
const SLIP = 2;

/**
 * A near miss of a known, unset setting is a fault: with `FASTSPRING_LICENSE_KEY` (no S) every FastSpring sale fails.
 * Other unknown names are warnings, since container platforms set such variables too (`LEDGER_SERVICE_HOST`).
 */
export function findUnknownSettings(environment: Environment, known: readonly string[]): UnknownSettings {
  const words = new Set(['MINTMARK', ...known.map(firstWord)]);
  const faults: string[] = [];
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    const word = firstWord(name);
    if (value === undefined || known.includes(name) || !words.has(word)) continue;
    const meant = known.find((candidate) => isSlip(name, candidate));
    if (meant !== undefined && !isSet(meant, environment)) {
      faults.push(`${name}: there is no such setting; did you mean ${meant}?`);
    } else if (!COMMON_WORDS.has(word)) {
      warnings.push(`${name}: there is no such setting, so it does nothing${hint(name, word, known)}`);
    }
  }
  return { faults, warnings };
}

function firstWord(name: string): string {
  return name.split('_', 1)[0]?.toUpperCase() ?? '';
}

function isSlip(name: string, candidate: string): boolean {
  return editDistance(name.toUpperCase(), candidate) <= SLIP;
}

/** A secret is set by its own name, or as the path of a file. */
function isSet(name: string, environment: Environment): boolean {
  const own = name.replace(/_FILE$/, '');
  return environment[own] !== undefined || environment[`${own}_FILE`] !== undefined;
}

function hint(name: string, word: string, known: readonly string[]): string {
  const near = didYouMean(name, known);
  const family = known.filter((candidate) => candidate.startsWith(`${word}_`));
  if (near !== '' || family.length === 0) return near;
  return `; there are ${family.join(', ')}`;
}
