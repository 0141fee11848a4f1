/** GET /console/MODE/go-live: the checks of `mintmark doctor`, live. */
import type { Finding } from '../../doctor/finding.ts';
import { type IconName, icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { momentText } from '../text.ts';
import type { Screen, Visit } from '../visit.ts';

const LIMIT_MILLISECONDS = 5_000;

export const goLive: Screen = {
  path: '/go-live',
  get: async (visit) => {
    const findings = await withinLimit(visit.parts.examine());
    return { title: 'Go live', nav: 'go-live', counterpart: 'go-live', body: page(visit, findings) };
  },
};

/** Undefined: it took too long. */
async function withinLimit<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LIMIT_MILLISECONDS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const LOOKS: Readonly<
  Record<Finding['level'], { readonly tone: string; readonly sign: IconName; readonly word: string }>
> = {
  ok: { tone: 'good', sign: 'check', word: 'done' },
  note: { tone: 'care', sign: 'wait', word: 'cannot be told from here' },
  warning: { tone: 'care', sign: 'warn', word: 'not yet' },
  fault: { tone: 'bad', sign: 'cross', word: 'wrong' },
};

function page({ now }: Visit, findings: readonly Finding[] | undefined): Markup {
  const done = findings?.filter(({ level }) => level === 'ok').length ?? 0;
  const all = findings?.length ?? 0;
  return html`<div class="head"><h1>Go live</h1><p class="soft">${momentText(now)}</p></div>
<div class="stack"><section class="card flow" aria-labelledby="checks"><div class="head"><h2 id="checks">${findings === undefined ? 'It cannot be told now' : `${done} of ${all} are done`}</h2></div>
${all > 0 && html`<div class="progress" role="img" aria-label="${done} of ${all} done">${Array.from({ length: 10 }, (_, place) => html`<i${place < Math.round((10 * done) / all) && html` class="done"`}></i>`)}</div>`}
${findings === undefined ? html`<p>The checks took longer than 5 seconds. Load the page again, or run <code>doctor</code> on the command line.</p>` : html`<ul class="checks">${ordered(findings).map(check)}</ul>`}
</section></div>`;
}

const ORDER: readonly Finding['level'][] = ['fault', 'warning', 'note', 'ok'];

function ordered(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
}

function check({ check: name, level, so, remedy }: Finding): Markup {
  const { tone, sign, word } = LOOKS[level];
  return html`<li><span class="mark ${tone}">${icon(sign)}</span><div><h3>${name}</h3><p class="soft wrap">${so}${remedy !== undefined && html`<br>${remedy}`}</p></div><span class="soft small nowrap">${word}</span></li>`;
}
