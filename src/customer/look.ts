/** The seller's color and picture as files of our own origin: a page has no style of its own. */
import { createHash } from 'node:crypto';
import type { Shop } from './shop.ts';

/** Below which address the files of customers' pages are served. */
export const CUSTOMER_ASSETS = '/license/assets/';

export interface LookFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Look {
  readonly picture: LookFile | undefined;
  readonly style: LookFile | undefined;
}

/** As mintmark.css has them. */
const ACCENT = { light: '#0e6257', dark: '#74cfbf' } as const;

export function lookOf({ picture, accent }: Pick<Shop, 'picture' | 'accent'>): Look {
  const { light = ACCENT.light, dark = ACCENT.dark } = accent;
  const isOwn = light !== ACCENT.light || dark !== ACCENT.dark;
  const style = Buffer.from(`:root { --accent: light-dark(${light}, ${dark}); }\n`);
  return {
    picture: picture && file('picture', picture.type, picture.bytes),
    style: isOwn ? file('look', 'text/css; charset=utf-8', style) : undefined,
  };
}

function file(name: string, type: string, bytes: Buffer): LookFile {
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  return { path: `${CUSTOMER_ASSETS}${name}-${digest}`, type, bytes };
}
