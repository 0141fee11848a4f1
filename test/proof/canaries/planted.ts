/** Values that must not leak, and all the forms in which they could. */

export type Kind = 'secret' | 'person' | 'code';

interface Planted {
  readonly kind: Kind;
  readonly name: string;
  readonly forms: readonly string[];
}

/** An output, and the kinds of values that it can contain. */
export interface Said {
  readonly where: string;
  readonly text: string;
  readonly may: readonly Kind[];
}

/** A form with fewer characters could occur by chance. */
const SHORTEST = 8;
/** Long values are also searched in pieces: an error can show a part. */
const PIECE = 24;

export class PlantedValues {
  readonly #planted: Planted[] = [];

  plant(kind: Kind, name: string, value: string | Uint8Array): void {
    const forms = [...new Set(formsOf(value))].filter(({ length }) => length >= SHORTEST);
    if (forms.length === 0) throw new TypeError(`${name} is too short to be found`);
    this.#planted.push({ kind, name, forms: forms.map((form) => form.toLowerCase()) });
  }

  get count(): number {
    return this.#planted.length;
  }

  findIn({ where, text, may }: Said): string[] {
    const lower = text.toLowerCase();
    return this.#planted.flatMap(({ kind, name, forms }) => {
      if (may.includes(kind)) return [];
      const form = forms.find((each) => lower.includes(each));
      if (form === undefined) return [];
      const at = lower.indexOf(form);
      return [
        `${where} holds ${name}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + form.length + 20))}`,
      ];
    });
  }
}

function formsOf(value: string | Uint8Array): string[] {
  const bytes = Buffer.from(value as string);
  const hex = bytes.toString('hex');
  const bytewise = [hex, hex.replace(/..(?=.)/g, '$& '), [...bytes].join(',')];
  const encoded = [...bytewise, ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset))];
  if (typeof value !== 'string') return encoded;
  const escaped = JSON.stringify(value).slice(1, -1);
  const pieces = Array.from({ length: Math.max(0, Math.ceil((value.length - PIECE) / 12)) }, (_, place) =>
    value.slice(12 * place, 12 * place + PIECE),
  );
  return [
    value,
    ...encoded,
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    new URLSearchParams({ x: value }).toString().slice(2),
    hex.replace(/../g, '%$&'),
    escaped,
    escaped.replaceAll('/', '\\/'),
    escaped.replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    JSON.stringify(escaped).slice(1, -1),
    bytes.toString('latin1'),
    ...pieces,
  ];
}

/** As part of the base64 of a longer text, at this many bytes into a group of three. */
function base64At(bytes: Buffer, offset: number): string[] {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const shifted = whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return [shifted, shifted.replaceAll('+', '-').replaceAll('/', '_')];
}
