/** HTML as a value: the tag escapes every text in it, also within quoted attributes. Loaded with the first page. */
import { raw, html as tag } from 'hono/html';

/** HTML that is safe to send. */
export type Markup = ReturnType<typeof raw>;

/** What may stand in a hole: texts are escaped; `false`, `null` and `undefined` are nothing. */
export type Hole = Markup | string | number | boolean | null | undefined | readonly Hole[];

export function html(texts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  const made = tag(texts, ...holes);
  if (made instanceof Promise) throw new TypeError('a promise in HTML: await it first');
  return made;
}

/** For HTML that this program made by other means, such as Markdown that was proved to have none of its own. */
export function trusted(text: string): Markup {
  return raw(text);
}
