/** GET /console/MODE/go-live: the checks of `mintmark doctor`, side by side; the page fills in as they answer. */
import type { Check } from '../../doctor/checks.ts';
import type { Finding } from '../../doctor/finding.ts';
import { said as faultOf } from '../../doctor/finding.ts';
import { type IconName, icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { sayingOf } from '../decisions/sayings.ts';
import { clock } from '../text.ts';
import { at, query, type Screen, type Visit } from '../visit.ts';
import { actOf } from './acts.ts';

const LIMIT_MILLISECONDS = 5_000;

/** The last answer of each check, shown where it takes too long. */
interface LastAnswer {
  readonly at: number;
  readonly findings: readonly Finding[];
}

const lastAnswers = new WeakMap<Check, LastAnswer>();

export const goLive: Screen = {
  path: '/go-live',
  get: async (visit) => ({
    title: 'Go live',
    nav: 'go-live',
    counterpart: 'go-live',
    body: html`<div class="head"><h1>Go live</h1><p class="soft">what has to be right before the first real sale; looked at ${clock(visit.now)} UTC</p><span class="spacer"></span><a class="button" href="${at(visit, 'go-live')}">${icon('again')}Look again</a></div>
<div class="stack">${said(visit)}`,
    pieces: piecesOf(visit),
    end: html`</div>`,
  }),
};

function said(visit: Visit): Markup | false {
  const did = sayingOf(query(visit, 'did'));
  return (
    did !== undefined && html`<p class="notice good" role="status">${icon('check')}<span>${did}</span></p>`
  );
}

/** In the order of the checks: each is there once it and those before it have answered. */
async function* piecesOf(visit: Visit): AsyncGenerator<Markup> {
  const { parts, now } = visit;
  const running = parts.checks.map((each) => ({ part: each.part, answer: answerOf(each, now) }));
  const all: Finding[] = [];
  let open: Check['part'] | undefined;
  for (const { part, answer } of running) {
    const findings = await answer;
    all.push(...findings);
    const begin = part !== open && beginOf(part, open === undefined);
    open = part;
    yield html`${begin}${findings.map((finding) => line(visit, finding))}`;
  }
  yield html`</ul></section>${summary(all)}`;
}

const PARTS: Readonly<Record<Check['part'], string>> = {
  here: 'Here',
  marketplaces: 'Marketplaces',
  customers: 'Customers',
};

function beginOf(part: Check['part'], isFirst: boolean): Markup {
  return html`${!isFirst && html`</ul></section>`}<section class="card flow" aria-labelledby="part-${part}"><h2 id="part-${part}">${PARTS[part]}</h2><ul class="checks">`;
}

async function answerOf(each: Check, now: number): Promise<readonly Finding[]> {
  const { name, run } = each;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(() => resolve(lateFindings(each)), LIMIT_MILLISECONDS);
  });
  const answered = run().then(
    (findings) => {
      lastAnswers.set(each, { at: now, findings });
      return findings;
    },
    (error: unknown): readonly Finding[] => [
      { check: name, level: 'note', isUnknown: true, so: `It could not be checked: ${faultOf(error)}` },
    ],
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lateFindings(each: Check): readonly Finding[] {
  const last = lastAnswers.get(each);
  const before =
    last === undefined
      ? 'It has not answered before.'
      : `At ${clock(last.at)} UTC it said: ${last.findings.map(({ so }) => so).join(' ')}`;
  return [
    { check: each.name, level: 'note', isUnknown: true, so: `It takes longer than 5 seconds. ${before}` },
  ];
}

const LOOKS: Readonly<
  Record<Finding['level'], { readonly tone: string; readonly sign: IconName; readonly word: string }>
> = {
  ok: { tone: 'good', sign: 'check', word: 'done' },
  note: { tone: 'care', sign: 'wait', word: 'not yet' },
  warning: { tone: 'care', sign: 'warn', word: 'not yet' },
  fault: { tone: 'bad', sign: 'cross', word: 'wrong' },
};

function line(visit: Visit, { check: name, level, so, remedy, isUnknown }: Finding): Markup {
  const { tone, sign, word } = LOOKS[level];
  return html`<li><span class="mark ${tone}">${icon(sign)}</span><div><h3>${titled(visit, name)}</h3><p class="soft wrap">${so}${remedy !== undefined && html`<br>${withCommands(remedy)}`}</p>${level !== 'ok' && actOf(visit, name)}</div><span class="soft small nowrap">${isUnknown ? 'cannot be told from here' : word}</span></li>`;
}

/** `events of fastspring` as `events of FastSpring`. */
function titled({ parts }: Visit, check: string): string {
  const named = parts.marketplaces.find(({ name }) => check.endsWith(` of ${name}`));
  return named === undefined ? check : `${check.slice(0, -named.name.length)}${named.title}`;
}

/** What stands between double spaces is to be typed. */
function withCommands(text: string): Markup {
  return html`${text.split(/ {2,}/).map((piece, place) => (place % 2 === 0 ? piece : html` <code>${piece}</code> `))}`;
}

function summary(findings: readonly Finding[]): Markup {
  const all = findings.length;
  const done = findings.filter(({ level }) => level === 'ok').length;
  const isWrong = findings.some(({ level }) => level === 'fault');
  return html`<section class="card flow together" aria-label="All together"><p role="status">${done} of ${all} are done${isWrong && ', and something is wrong'}.</p>
<div class="progress" role="img" aria-label="${done} of ${all} done">${Array.from({ length: 10 }, (_, place) => html`<i${place < Math.round((10 * done) / Math.max(all, 1)) && html` class="done"`}></i>`)}</div></section>`;
}
