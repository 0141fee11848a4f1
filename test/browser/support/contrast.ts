/** Contrast as WCAG 2.2 reckons it (1.4.3, 1.4.11), of what is really shown: runs inside the page. */
import type { Page } from 'playwright-core';

export interface Contrast {
  readonly what: string;
  readonly ratio: number;
}

/** Each text that is visible, against what is behind it. */
export function textContrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(reckon, 'text' as const);
}

/** The edge of each control, against what is around it. */
export function edgeContrasts(page: Page): Promise<Contrast[]> {
  return page.evaluate(reckon, 'edge' as const);
}

/** Must stand alone: its source is what the page gets. */
function reckon(kind: 'text' | 'edge'): Contrast[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a: string, b: string) => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (start: Element | null): string => {
    for (let at = start; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      const [, , , alpha = 1] = channels(backgroundColor);
      if (alpha === 1) return backgroundColor;
      if (alpha > 0) throw new Error(`half transparent: ${backgroundColor}`);
    }
    throw new Error('nothing is behind it');
  };
  const nameOf = (element: Element, text: string) =>
    `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ${text.trim().slice(0, 30)}`;
  const shown = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility());
  if (kind === 'edge') {
    return shown
      .filter((element) => element.matches('button, textarea'))
      .map((element) => ({
        what: nameOf(element, ''),
        ratio: ratio(getComputedStyle(element).borderTopColor, behind(element.parentElement)),
      }));
  }
  const textIn = (element: Element) =>
    element instanceof HTMLTextAreaElement
      ? element.value
      : [...element.childNodes].map((node) => (node.nodeType === 3 ? (node.textContent ?? '') : '')).join('');
  return shown
    .filter((element) => textIn(element).trim() !== '')
    .map((element) => ({
      what: nameOf(element, textIn(element)),
      ratio: ratio(getComputedStyle(element).color, behind(element)),
    }));
}
