/** GET /console/MODE/jobs and one of them: how far it is. The page loads itself again while it runs. */
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { ago, grouped, momentText } from '../text.ts';
import { at, notFound, param, type Screen, type Visit } from '../visit.ts';
import type { ShownJob } from './jobs.ts';
import { LEFT_UNDONE } from './left-undone.ts';

const RELOAD_SECONDS = '2';

export const jobs: Screen = {
  path: '/jobs',
  get: async (visit) => {
    const all = (await visit.jobs.all()).filter(({ mode }) => mode === null || mode === visit.mode);
    const body = html`<div class="head"><h1>What takes long</h1></div><div class="stack"><section class="card" aria-label="Jobs">${
      all.length === 0
        ? html`<div class="empty"><p>Nothing that takes long was begun yet.</p><p class="soft">Checks, backups, erasures and files that are applied are listed here.</p></div>`
        : html`<ul class="needs">${all.map((job) => html`<li><span class="mark ${toneOf(job)}">${icon(signOf(job))}</span><p class="wrap"><a href="${at(visit, 'jobs', String(job.number))}">${job.what}</a></p><p class="soft small">${ago(job.beganAt, visit.now)}, ${job.person}${howFar(job)}</p></li>`)}</ul>`
    }</section></div>`;
    return { title: 'What takes long', nav: 'upkeep', counterpart: 'jobs', body };
  },
};

export const job: Screen = {
  path: '/jobs/:job',
  get: async (visit) => {
    const found = await visit.jobs.find(Number(param(visit, 'job')));
    if (found === undefined) throw notFound('There is no such job.');
    const { mode } = found;
    if (mode !== null && mode !== visit.mode) throw notFound(`This job is one of ${mode} mode.`);
    if (found.state === 'runs') visit.context.set('Refresh', RELOAD_SECONDS);
    return { title: found.what, nav: 'upkeep', counterpart: 'jobs', body: jobPage(visit, found) };
  },
};

function howFar({ state, outcome, progress: { done, all } }: ShownJob): string {
  if (outcome !== undefined) return `: ${outcome.text}`;
  if (state === 'interrupted') return ': it was interrupted';
  return all === undefined ? ': it runs' : `: it runs, ${grouped(done)} of ${grouped(all)} done`;
}

function toneOf({ state, outcome }: ShownJob): string {
  if (state === 'runs') return 'accent';
  return outcome?.isGood === true ? 'good' : outcome === undefined ? 'care' : 'bad';
}

function signOf({ state, outcome }: ShownJob) {
  if (state === 'runs') return 'wait';
  return outcome?.isGood === true ? 'check' : outcome === undefined ? 'warn' : 'cross';
}

function jobPage(visit: Visit, found: ShownJob): Markup {
  const { what, person, beganAt } = found;
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'upkeep')}">Upkeep</a> / <a href="${at(visit, 'jobs')}">What takes long</a></nav>
<div class="head"><h1 class="wrap">${what}</h1></div>
<div class="stack"><section class="card flow" aria-label="How far it is">
${found.state === 'runs' ? running(visit, found) : found.state === 'interrupted' ? interrupted(visit, found) : ended(found)}
<p class="soft small">Begun by ${person}, ${momentText(beganAt)}.</p></section></div>`;
}

function running(visit: Visit, { what, progress: { done, all } }: ShownJob): Markup {
  return html`<p role="status">${grouped(done)}${all !== undefined && html` of ${grouped(all)}`} done.</p><progress aria-label="${what}"${all !== undefined && html` max="${Math.max(all, 1)}" value="${done}"`}></progress><p class="soft small">You can leave this page: it runs on, and is found again under <a href="${at(visit, 'jobs')}">What takes long</a>.</p>`;
}

function interrupted(visit: Visit, { kind, from, progress: { done, all } }: ShownJob): Markup {
  const far =
    done === 0 ? '' : ` It had told of ${grouped(done)}${all === undefined ? '' : ` of ${grouped(all)}`}.`;
  return html`<p class="notice" role="status">${icon('warn')}<span>It was interrupted: the service stopped before it ended.${far}</span></p>
<p>${LEFT_UNDONE[kind]}</p>
<p><a class="button primary" href="${at(visit, ...from.split('/').map(decodeURIComponent))}">Begin it again…</a></p>`;
}

function ended({ outcome }: ShownJob): Markup | undefined {
  if (outcome === undefined) return undefined;
  const { isGood, text, lines = [] } = outcome;
  return html`<p class="notice${isGood && ' good'}" role="status">${icon(isGood ? 'check' : 'warn')}<span>${text}</span></p>${lines.length > 0 && html`<ul class="wrap">${lines.map((line) => html`<li>${line}</li>`)}</ul>`}`;
}
