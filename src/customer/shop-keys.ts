/** The keys of shop.yaml, their values, and the messages for their faults. */
import { z } from 'zod';
import { choice, line, shown } from '../catalog/values.ts';
import { isAddress } from '../domain/values/address.ts';
import { type Color, contrast, isColor } from './contrast.ts';

/** WCAG 2.2, 1.4.3 for text. */
const LEAST_CONTRAST = 4.5;

/** What the accent stands on, and what stands on it (html/assets/mintmark.css). */
const LIGHT: readonly Color[] = ['#ffffff', '#f6f5f1'];
const DARK: readonly Color[] = ['#161c1f', '#0f1315', '#06201c'];

const flag = choice(['on', 'off']).transform((text) => text === 'on');

const accent = (grounds: readonly Color[], how: string) =>
  z.string().transform((text, context): Color => {
    if (!isColor(text)) {
      context.addIssue(`${shown(text)} is not a color: write six digits, such as "#0e6257"`);
      return z.NEVER;
    }
    const least = Math.min(...grounds.map((ground) => contrast(text, ground)));
    if (least >= LEAST_CONTRAST) return text;
    const found = Math.floor(least * 100) / 100;
    context.addIssue(
      `${shown(text)} has a contrast of ${found}, and ${LEAST_CONTRAST} is needed to read it: take a ${how} color`,
    );
    return z.NEVER;
  });

const help = line(200).refine((text) => isAddress(text) || isWeb(text), {
  error: ({ input }) =>
    `${shown(input)} is neither an e-mail address nor a page: write help@example.com or https://example.com/help`,
});

const fileName = line(100).refine((text) => !/[/\\]/.test(text) && !text.startsWith('.'), {
  error: ({ input }) => `${shown(input)} is not the name of a file beside this one`,
});

export const shopFile = z.strictObject({
  name: line(100),
  help,
  picture: fileName.exactOptional(),
  accent: accent(LIGHT, 'darker').exactOptional(),
  accent_dark: accent(DARK, 'lighter').exactOptional(),
  lost_code: flag.default(true),
  license_page: flag.default(true),
});

function isWeb(text: string): boolean {
  return /^https:\/\/[^\s<>"\\]+$/.test(text) && URL.canParse(text);
}
