/** The words of a sequence that stand for a time, a kept code or a long text: `@now+20d`, `@day`, `@time`, `$name`, `%repeat(a,9)`. */

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `20d`, `-5m` in milliseconds. */
export function spanOf(text: string): number {
  const [, sign, count, unit = ''] = /^([+-]?)(\d+)([smhd])$/.exec(text) ?? [];
  const size = UNITS[unit];
  if (count === undefined || size === undefined) throw new Error(`${text} is no span such as 20d`);
  return Number(count) * size * (sign === '-' ? -1 : 1);
}

/** Paddle's format, UTC. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

export interface Words {
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
  readonly kept: ReadonlyMap<string, string>;
}

/** The value with every word in it, at any depth, replaced. */
export function spellOut(value: unknown, words: Words): unknown {
  if (typeof value === 'string') return spellOutText(value, words);
  if (Array.isArray(value)) return value.map((entry) => spellOut(entry, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, spellOut(entry, words)]));
}

function spellOutText(text: string, { now, kept }: Words): string | number {
  const [, kind, span] = /^@(now|day|time)([+-]\d+[smhd])?$/.exec(text) ?? [];
  if (kind !== undefined) {
    const moment = now + (span === undefined ? 0 : spanOf(span));
    if (kind === 'now') return moment;
    return kind === 'day' ? timeText(moment).slice(0, 10) : timeText(moment);
  }
  if (text.startsWith('$')) {
    const code = kept.get(text.slice(1));
    if (code === undefined) throw new Error(`no code was kept as ${text}`);
    return code;
  }
  return text.replaceAll(/%repeat\((.),(\d+)\)/gu, (_, letter: string, count: string) =>
    letter.repeat(Number(count)),
  );
}
