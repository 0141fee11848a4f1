/** The console: every request below /console, from the check of where it comes from to the page. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { PRESENCE_PATH } from '../doctor/address.ts';
import type { Attention } from '../domain/ports/ledger-reader.ts';
import type { Mode } from '../domain/values/order.ts';
import { AppError, pageStatusOf } from '../errors.ts';
import { ASSETS, Assets } from '../html/assets.ts';
import { href } from '../html/href.ts';
import { html } from '../html/markup.ts';
import { FRAMING_POLICY, framedPolicy, PAGE_HEADERS, PAGE_POLICY } from '../html/policy.ts';
import { LARGEST_FORM, readBody } from '../http/edge/body.ts';
import type { Context } from '../http/edge/request.ts';
import { type PageRoute, pagesOf, type RouterContext } from '../http/edge/routes.ts';
import { refuseCrossSite } from './access/cross-site.ts';
import { Door, isLocalHost, originOf, redirect } from './access/door.ts';
import { door } from './access/door-page.ts';
import { isProved } from './access/sessions.ts';
import { faultPage } from './faults.ts';
import { framed } from './frame.ts';
import { Jobs } from './jobs/jobs.ts';
import type { ConsoleParts } from './parts.ts';
import { SCREENS } from './screens.ts';
import type { Answer, Screen, Visit } from './visit.ts';

const FORM = 'application/x-www-form-urlencoded';
/** Cache time of an asset. Its address contains a hash of its content, so the content never changes. */
const A_YEAR = 'public, max-age=31536000, immutable';

export function createConsole(parts: ConsoleParts): (context: Context) => Promise<void> {
  const assets = new Assets();
  const jobs = new Jobs({ ...parts, kept: parts.ledger.jobs });
  const entrance = new Door(parts, assets);
  const routes = pagesOf([...doorRoutes(entrance, parts), ...SCREENS.map((screen) => screenRoute(screen))]);

  function screenRoute(screen: Screen): PageRoute {
    const handle = async (context: Context): Promise<void> => {
      const mode = modeOf(context);
      const session = await entrance.sessionOf(context);
      if (session === undefined) return askIn(context);
      const form = await formOf(context);
      const visit: Visit = { parts, assets, jobs, context, mode, session, now: parts.now(), form };
      try {
        if (screen.isGrave?.(visit) === true && !isProved(session, visit.now)) return again(context);
        const act = context.method === 'POST' ? screen.post : screen.get;
        if (act !== undefined) await send(visit, await act(visit));
      } catch (error) {
        await sendFault(visit, error);
      }
    };
    return {
      path: `/console/:mode${screen.path}`,
      ...(screen.get && { get: handle }),
      ...(screen.post && { post: handle }),
    };
  }

  async function sendFault(visit: Visit, error: unknown): Promise<void> {
    const { context } = visit;
    const status = pageStatusOf(error);
    note(context, error, status, parts);
    const said = error instanceof AppError && status < 500 ? error.message : undefined;
    const { title, help } = faultPage(error, status);
    const body = html`<div class="head"><h1>${title}</h1></div>
<section class="card flow"><p>${said ?? help}</p>${said !== undefined && html`<p class="soft">${help}</p>`}
<p class="soft small">Request <code>${context.state.requestId}</code></p></section>`;
    await send(visit, { title, body, status });
  }

  async function send(visit: Visit, answer: Answer): Promise<void> {
    const { context } = visit;
    if ('redirect' in answer) return redirect(context, answer.redirect);
    if ('file' in answer) {
      context.set('Content-Disposition', `attachment; filename="${answer.name}"`);
      context.type = answer.type;
      context.body = answer.file;
      return;
    }
    if ('framed' in answer) {
      context.set('Content-Security-Policy', framedPolicy(answer.styleDigest));
      context.type = 'html';
      context.body = answer.framed;
      return;
    }
    if ('pieces' in answer) {
      const attention = await parts.reader.attention(visit.mode).catch(() => undefined);
      context.type = 'html';
      context.body = Readable.from(filledIn(visit, answer, attention));
      return;
    }
    if (answer.framing === true) context.set('Content-Security-Policy', FRAMING_POLICY);
    const attention = await parts.reader.attention(visit.mode).catch(() => undefined);
    context.status = answer.status ?? 200;
    context.type = 'html';
    context.body = framed(visit, answer, attention);
  }

  return async (context) => {
    context.set(PAGE_HEADERS as Record<string, string>);
    context.set('Content-Security-Policy', PAGE_POLICY);
    context.state.endpoint = '/console';
    if (context.path.startsWith(ASSETS)) return sendAsset(context, assets);
    try {
      const configured = parts.origin();
      if (!configured.startsWith('https:') && !isLocalHost(context.host))
        throw new AppError('cross_site', 'The console is only for this computer until PUBLIC_URL is set.');
      refuseCrossSite(context, originOf(context, configured));
      await routes(context as RouterContext, async () => {
        throw new AppError('unknown_page', 'There is nothing at this address.');
      });
    } catch (error) {
      const status = pageStatusOf(error);
      note(context, error, status, parts);
      if (wantsJson(context)) {
        context.status = status;
        context.body = { title: error instanceof AppError ? error.message : 'A fault on our side.' };
        return;
      }
      const { title, help } = faultPage(error, status);
      context.status = status;
      context.type = 'html';
      context.body = door(
        assets,
        title,
        html`<h1>${title}</h1><section class="card flow"><p>${error instanceof AppError && status < 500 ? error.message : help}</p>
<p><a href="${href('/console/')}">To the console</a></p><p class="soft small">Request <code>${context.state.requestId}</code></p></section>`,
      );
    }
  };
}

function doorRoutes(entrance: Door, parts: ConsoleParts): readonly PageRoute[] {
  const home = async (context: Context): Promise<void> => {
    const session = await entrance.sessionOf(context);
    const mode: Mode = parts.modes.includes('live') ? 'live' : 'test';
    redirect(context, session === undefined ? '/console/in' : `/console/${mode}/`);
  };
  return [
    { path: '/console', get: home },
    {
      path: '/console/in',
      get: (context) => entrance.show(context, false),
      post: (context) => entrance.enterByCode(context),
    },
    { path: '/console/again', get: (context) => entrance.show(context, true) },
    { path: `${PRESENCE_PATH}/:question`, get: async (context) => tellPresence(context, parts) },
    { path: '/console/welcome', get: (context) => entrance.welcome(context) },
    { path: '/console/in/passkey/begin', post: (context) => entrance.beginEntry(context) },
    { path: '/console/in/passkey', post: (context) => entrance.enterByPasskey(context) },
    { path: '/console/passkeys/begin', post: (context) => entrance.beginPasskey(context) },
    { path: '/console/passkeys', post: (context) => entrance.addPasskey(context) },
    { path: '/console/out', post: (context) => entrance.leave(context) },
  ];
}

/** Stands where the pieces come; no page has it otherwise. */
const PLACE = `place-${randomUUID()}`;

async function* filledIn(
  visit: Visit,
  { body, pieces, end, ...answer }: Extract<Answer, { readonly pieces: unknown }>,
  attention: Attention | undefined,
): AsyncGenerator<string> {
  const [before = '', after = ''] = framed(
    visit,
    { ...answer, body: html`${body}${PLACE}${end}` },
    attention,
  ).split(PLACE);
  yield before;
  for await (const piece of pieces) yield String(piece);
  yield after;
}

function sendAsset(context: Context, assets: Assets): void {
  const asset = assets.find(context.path);
  if (asset === undefined) {
    context.status = 404;
    context.body = 'There is no such file.';
    return;
  }
  context.set('Cache-Control', A_YEAR);
  context.type = asset.type;
  context.body = asset.bytes;
}

/** For anybody: it tells nothing but that this process runs. */
function tellPresence(context: Context, { presence }: Pick<ConsoleParts, 'presence'>): void {
  const { question = '' } = context['params'] as { readonly question?: string };
  context.type = 'text';
  context.body = presence.answer(question.slice(0, 100));
}

/** Another mode is no mode: the router takes any word there. */
function modeOf(context: Context): Mode {
  const { mode } = context['params'] as { readonly mode?: string };
  if (mode === 'live' || mode === 'test') return mode;
  throw new AppError('unknown_page', 'There is nothing at this address.');
}

async function formOf(context: Context): Promise<URLSearchParams> {
  if (context.method !== 'POST') return new URLSearchParams();
  return new URLSearchParams((await readBody(context.req, FORM, LARGEST_FORM)).toString('utf8'));
}

/** A form that was posted without a session is discarded. */
function askIn(context: Context): void {
  if (context.method === 'POST')
    throw new AppError(
      'not_signed_in',
      'Your session has ended, so nothing was changed: get in, and do it again.',
    );
  redirect(context, `/console/in?back=${encodeURIComponent(context.url)}`);
}

function again(context: Context): void {
  redirect(context, `/console/again?back=${encodeURIComponent(context.url)}`);
}

function wantsJson(context: Context): boolean {
  return context.get('Content-Type').startsWith('application/json');
}

function note(context: Context, error: unknown, status: number, { log }: Pick<ConsoleParts, 'log'>): void {
  context.state.outcome = error instanceof AppError ? error.code : 'internal';
  const line = { request: context.state.requestId, status };
  if (status >= 500) log.error({ ...line, err: error }, 'a page of the console failed');
}
