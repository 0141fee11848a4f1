/** GET /console/MODE/jobs and one of them: how far it is. The page loads itself again while it runs. */
import { icon } from '../../html/icons.ts';
import { html, type Markup } from '../../html/markup.ts';
import { ago, grouped, momentText } from '../text.ts';
import { at, notFound, param, type Screen, type Visit } from '../visit.ts';
import type { Job } from './jobs.ts';

const RELOAD_SECONDS = '2';

export const jobs: Screen = {
  path: '/jobs',
  get: async (visit) => {
    const all = visit.jobs.all();
    const body = html`<div class="head"><h1>What takes long</h1></div><div class="stack"><section class="card" aria-label="Jobs">${
      all.length === 0
        ? html`<div class="empty"><p>Nothing ran since the service started.</p></div>`
        : html`<ul class="needs">${all.map((job) => html`<li><span class="mark ${toneOf(job)}">${icon(signOf(job))}</span><p class="wrap"><a href="${at(visit, 'jobs', String(job.number))}">${job.what}</a></p><p class="soft small">${ago(job.beganAt, visit.now)}, ${job.person}${howFar(job)}</p></li>`)}</ul>`
    }</section></div>`;
    return { title: 'What takes long', nav: 'upkeep', counterpart: 'jobs', body };
  },
};

export const job: Screen = {
  path: '/jobs/:job',
  get: async (visit) => {
    const found = visit.jobs.find(Number(param(visit, 'job')));
    if (found === undefined) throw notFound('There is no such job: it is forgotten when the service stops.');
    if (found.outcome === undefined) visit.context.set('Refresh', RELOAD_SECONDS);
    return { title: found.what, nav: 'upkeep', counterpart: 'jobs', body: jobPage(visit, found) };
  },
};

function howFar({ outcome, progress: { done, all } }: Job): string {
  if (outcome !== undefined) return `: ${outcome.text}`;
  return all === undefined ? ': it runs' : `: it runs, ${grouped(done)} of ${grouped(all)} done`;
}

function toneOf({ outcome }: Job): string {
  return outcome === undefined ? 'accent' : outcome.isGood ? 'good' : 'bad';
}

function signOf({ outcome }: Job) {
  return outcome === undefined ? 'wait' : outcome.isGood ? 'check' : 'cross';
}

function jobPage(visit: Visit, { what, person, beganAt, progress, outcome }: Job): Markup {
  const { done, all } = progress;
  return html`<nav class="small soft" aria-label="You are here"><a href="${at(visit, '')}">Overview</a> / <a href="${at(visit, 'upkeep')}">Upkeep</a> / <a href="${at(visit, 'jobs')}">What takes long</a></nav>
<div class="head"><h1 class="wrap">${what}</h1></div>
<div class="stack"><section class="card flow" aria-label="How far it is">
${
  outcome === undefined
    ? html`<p role="status">${grouped(done)}${all !== undefined && html` of ${grouped(all)}`} done.</p><progress aria-label="${what}"${all !== undefined && html` max="${Math.max(all, 1)}" value="${done}"`}></progress><p class="soft small">You can leave this page: it runs on, and is found again under <a href="${at(visit, 'jobs')}">What takes long</a>.</p>`
    : html`<p class="notice${outcome.isGood && ' good'}" role="status">${icon(outcome.isGood ? 'check' : 'warn')}<span>${outcome.text}</span></p>${outcome.lines !== undefined && outcome.lines.length > 0 && html`<ul class="wrap">${outcome.lines.map((line) => html`<li>${line}</li>`)}</ul>`}`
}
<p class="soft small">Begun by ${person}, ${momentText(beganAt)}.</p></section></div>`;
}
