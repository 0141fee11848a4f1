/** A customer's name and address. What turns the direction of text in one of them stays in it. */
import type { Customer } from '../domain/values/order.ts';
import { html, type Markup } from '../html/markup.ts';

export function person({ name, email }: Customer): Markup {
  return html`<bdi>${name ?? ''}</bdi> <bdi class="soft">${email ?? ''}</bdi>`;
}
