/** The icons, drawn once at the top of a page and used by name. */
import { html, type Markup } from './markup.ts';

export const ICONS = [
  'home',
  'order',
  'key',
  'event',
  'out',
  'box',
  'down',
  'list',
  'gear',
  'find',
  'check',
  'cross',
  'warn',
  'mail',
  'hook',
  'pause',
  'again',
  'dot',
  'person',
  'copy',
  'wait',
] as const;
export type IconName = (typeof ICONS)[number];

export const SPRITE: Markup = html`<svg class="hidden" aria-hidden="true" width="0" height="0"><defs>
<symbol id="i-home" viewBox="0 0 16 16"><path d="M2.5 7.5 8 2.8l5.5 4.7M4 6.6v6.6h8V6.6"/></symbol>
<symbol id="i-order" viewBox="0 0 16 16"><path d="M3.5 2.2h9v11.6l-2.2-1.3L8 13.8l-2.3-1.3-2.2 1.3zM6 5.6h4M6 8.4h4"/></symbol>
<symbol id="i-key" viewBox="0 0 16 16"><circle cx="5" cy="11" r="2.8"/><path d="m7 9 6-6.2M10.4 5.4l2 1.9M12 3.8l1.6 1.5"/></symbol>
<symbol id="i-event" viewBox="0 0 16 16"><path d="M9 1.8 3.6 9h3.6L6.6 14.2 12.4 7H8.6z"/></symbol>
<symbol id="i-out" viewBox="0 0 16 16"><path d="M2 8h5M2 8l12-5.4L10.6 14 7 8z"/></symbol>
<symbol id="i-box" viewBox="0 0 16 16"><path d="m8 1.8 5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.6 4.9 8 7.8l5.4-2.9M8 7.8v6.3"/></symbol>
<symbol id="i-down" viewBox="0 0 16 16"><path d="M8 2.4v7.8M4.8 7.4 8 10.5l3.2-3.1M2.8 13.4h10.4"/></symbol>
<symbol id="i-list" viewBox="0 0 16 16"><path d="m2.4 4 1.1 1.1L5.4 3M2.4 8.4l1.1 1.1 1.9-2.1M2.4 12.8l1.1 1.1 1.9-2.1M7.8 4.2h6M7.8 8.4h6M7.8 12.6h6"/></symbol>
<symbol id="i-gear" viewBox="0 0 16 16"><path d="M2 4.6h6.4M11.6 4.6H14M2 11.4h2.4M7.6 11.4H14"/><circle cx="10" cy="4.6" r="1.6"/><circle cx="6" cy="11.4" r="1.6"/></symbol>
<symbol id="i-find" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.4"/><path d="m10.4 10.4 3.4 3.4"/></symbol>
<symbol id="i-check" viewBox="0 0 16 16"><path d="m3 8.4 3.3 3.4L13 4.6"/></symbol>
<symbol id="i-cross" viewBox="0 0 16 16"><path d="m4 4 8 8M12 4l-8 8"/></symbol>
<symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 3.2v6M8 12.4v.2"/></symbol>
<symbol id="i-mail" viewBox="0 0 16 16"><path d="M2 3.6h12v8.8H2zM2.2 4.2 8 8.8l5.8-4.6"/></symbol>
<symbol id="i-hook" viewBox="0 0 16 16"><path d="M6 10.6 8.3 6.4a2.3 2.3 0 1 0-2-1.2M5.4 8.5A2.5 2.5 0 1 0 7 12h4M9.6 5.2l2 3.6a2.5 2.5 0 1 1-1.5 3.8"/></symbol>
<symbol id="i-pause" viewBox="0 0 16 16"><path d="M5.6 3.6v8.8M10.4 3.6v8.8"/></symbol>
<symbol id="i-again" viewBox="0 0 16 16"><path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.4v2.8h-2.8"/></symbol>
<symbol id="i-dot" viewBox="0 0 16 16"><circle cx="8" cy="8" r="2.2"/></symbol>
<symbol id="i-person" viewBox="0 0 16 16"><circle cx="8" cy="5.2" r="2.6"/><path d="M2.8 13.6c.6-2.8 2.6-4.2 5.2-4.2s4.6 1.4 5.2 4.2"/></symbol>
<symbol id="i-copy" viewBox="0 0 16 16"><path d="M5.4 5.4h8v8h-8zM2.6 10.6v-8h8"/></symbol>
<symbol id="i-wait" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.6"/><path d="M8 4.8V8l2.2 1.6"/></symbol>
<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0v5" stroke="#8b979c"/></pattern>
</defs></svg>`;

export function icon(name: IconName): Markup {
  return html`<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`;
}
