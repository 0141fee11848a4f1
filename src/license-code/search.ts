/** Finds and repairs the genuine codes in the letters of a text (license-code-v1, "Reading", steps 2 and 3). */
import { CODE_LENGTH, unarmor } from './armor.ts';
import { wholeCodes } from './find.ts';
import type { Letters } from './letters.ts';
import { type Repaired, repairsAt } from './repair.ts';
import type { CodeRefusal, Trust } from './trust.ts';

export interface GenuineCode {
  readonly code: string;
  readonly bytes: Uint8Array;
  readonly repaired?: Repaired;
}

/** What the letters of a text hold. */
export interface Found {
  readonly genuine: readonly GenuineCode[];
  readonly refusals: readonly CodeRefusal[];
  /** Where a code with one slip may begin. */
  readonly starts: readonly number[];
}

/** Limits of signature checks in one text: each takes milliseconds. */
const MOST_FAILURES = 5;
const MOST_REPAIRS = 4;

export interface Search {
  /** The limits hold for all calls, and no forged code is checked twice. */
  find(letters: Letters): Found;
  /** True if no signature will be checked any more: nothing else can be found. */
  isOver(): boolean;
}

export function createSearch(trust: Trust): Search {
  const forged = new Set<string>();
  let repairs = 0;

  const isOver = () => forged.size >= MOST_FAILURES;

  function find(letters: Letters): Found {
    const genuine = new Map<string, GenuineCode>();
    const refusals: CodeRefusal[] = [];
    const places: number[] = [];
    trust.heads.mark(letters);
    for (const [code, at] of wholeCodes(letters)) {
      const bytes = unarmor(code);
      const refused =
        trust.refuse(bytes) ?? (isGenuine(code, bytes) ? null : ({ verdict: 'forged' } as const));
      if (refused !== null) {
        refusals.push(refused);
        continue;
      }
      genuine.set(code, { code, bytes });
      places.push(...at);
    }
    // Too few characters for another code: the usual case.
    const isFull = genuine.size > 0 && letters.count < CODE_LENGTH * (places.length + 1) - 1;
    places.sort((a, b) => a - b);
    const starts = isFull ? [] : trust.heads.starts(letters, places);
    if (!isOver()) repair(letters, starts, genuine);
    return { genuine: [...genuine.values()], refusals, starts };
  }

  /** Adds the genuine code at each start that is one slip away. */
  function repair(letters: Letters, starts: readonly number[], genuine: Map<string, GenuineCode>): void {
    let end = 0;
    for (const start of starts) {
      if (start < end) continue;
      for (const repairOne of repairsAt(letters, start)) {
        const { code, repaired } = repairOne;
        const bytes = unarmor(code);
        if (!genuine.has(code)) {
          if (trust.refuse(bytes) !== null || !isGenuineRepair(code, bytes)) continue;
          genuine.set(code, { code, bytes, repaired });
        }
        end = repairOne.end;
        break;
      }
    }
  }

  function isGenuineRepair(code: string, bytes: Uint8Array): boolean {
    if (repairs >= MOST_REPAIRS || forged.has(code)) return false;
    repairs++;
    return isGenuine(code, bytes);
  }

  function isGenuine(code: string, bytes: Uint8Array): boolean {
    if (forged.has(code) || isOver()) return false;
    const genuine = trust.isGenuine(bytes);
    if (!genuine) forged.add(code);
    return genuine;
  }

  return { find, isOver };
}
