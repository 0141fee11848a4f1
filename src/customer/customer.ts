/** The customer's pages: every request at or below /license. No cookie is set, and GET changes nothing. */

import { isAddress } from '../domain/values/address.ts';
import { AppError, pageStatusOf } from '../errors.ts';
import { Assets } from '../html/assets.ts';
import { PAGE_HEADERS, PAGE_POLICY } from '../html/policy.ts';
import { type Allowance, addressKey, RateLimit } from '../http/edge/rate-limit.ts';
import { type Context, redirectTo } from '../http/edge/request.ts';
import { type PageRoute, pagesOf, type RouterContext } from '../http/edge/routes.ts';
import { answerChange, askAddress, noteHanded, reissueUnit } from './acts.ts';
import { codesFile, unitFile } from './files.ts';
import type { Pen } from './frame.ts';
import { notice } from './frame.ts';
import { licensePage } from './license-page.ts';
import { viewLicense } from './license-view.ts';
import { follow } from './links.ts';
import { CUSTOMER_ASSETS, lookOf } from './look.ts';
import { lostCodePage } from './lost-code-page.ts';
import type { CustomerParts } from './parts.ts';
import { textsFor } from './texts.ts';
import { type Answer, type CustomerVisit, formOf, gone, SAID } from './visit.ts';
import { changePage, oldPage, wordPage } from './word-page.ts';

/** Questions of one IP address about lost codes. */
const ASKED: Allowance = { points: 10, seconds: 3600, keys: 20_000 };

const LONGEST = { order: 200, email: 320 } as const;

/** The address of an asset may be kept: it is named by its content. */
const A_YEAR = 'public, max-age=31536000, immutable';

/** A picture is no document: what it contains must not run where it is opened by itself. */
const ASSET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export function createCustomerPages(parts: CustomerParts): (context: Context) => Promise<void> {
  const assets = new Assets(CUSTOMER_ASSETS);
  const look = lookOf(parts.shop);
  const asked = new RateLimit(ASKED);
  const { shop } = parts;

  const penFor = (context: Context): Pen => ({
    texts: textsFor(shop.texts, context.get('Accept-Language')),
    shop,
    assets,
    look,
  });

  const show =
    (act: (visit: CustomerVisit) => Promise<Answer>) =>
    async (context: Context): Promise<void> => {
      const { token = '', file = '' } = context['params'] as Readonly<Record<string, string>>;
      const form = await formOf(context);
      const visit = { parts, context, pen: penFor(context), now: parts.now(), token, file, form };
      send(context, await act(visit));
    };

  const routes = pagesOf([
    ...(shop.lostCode ? [lostCodeRoute(show, asked)] : []),
    ...(shop.licensePage ? licenseRoutes(show) : []),
  ]);

  return async (context) => {
    context.set(PAGE_HEADERS as Record<string, string>);
    context.set('Content-Security-Policy', PAGE_POLICY);
    context.set('Vary', 'Accept-Language');
    context.state.endpoint = '/license';
    if (context.path.startsWith(CUSTOMER_ASSETS)) return sendAsset(context);
    try {
      await routes(context as RouterContext, async () => {
        throw gone();
      });
    } catch (error) {
      const status = pageStatusOf(error);
      context.state.outcome = error instanceof AppError ? error.code : 'internal';
      const { requestId } = context.state;
      if (status >= 500) parts.log.error({ request: requestId, err: error }, "a customer's page failed");
      const page =
        status < 500 ? wordPage(penFor(context), 'gone') : wordPage(penFor(context), 'fault', requestId);
      send(context, { page, status });
    }
  };

  function sendAsset(context: Context): void {
    const own = [look.picture, look.style].find((file) => file?.path === context.path);
    const asset = own ?? assets.find(context.path);
    if (asset === undefined) {
      send(context, { page: wordPage(penFor(context), 'gone'), status: 404 });
      return;
    }
    context.set('Cache-Control', A_YEAR);
    if (own !== undefined) context.set('Content-Security-Policy', ASSET_POLICY);
    context.type = asset.type;
    context.body = asset.bytes;
  }
}

type Show = (act: (visit: CustomerVisit) => Promise<Answer>) => (context: Context) => Promise<void>;

function lostCodeRoute(show: Show, asked: RateLimit): PageRoute {
  return {
    path: '/license',
    get: show(async ({ pen }) => ({ page: lostCodePage(pen) })),
    post: show(async ({ pen, parts, context, form, now }) => {
      if (!(await asked.allows(addressKey(context), context))) {
        context.state.outcome = 'too_many_requests';
        return { page: lostCodePage(pen, 'busy'), status: 429 };
      }
      const order = form.get('order')?.trim() ?? '';
      const email = form.get('email')?.trim() ?? '';
      const isFit =
        order !== '' && order.length <= LONGEST.order && email.length <= LONGEST.email && isAddress(email);
      if (!isFit) return { page: lostCodePage(pen, 'unfit'), status: 422 };
      await parts.ledger.selfService.ask({ order, email }, now);
      return { page: lostCodePage(pen, 'asked') };
    }),
  };
}

function licenseRoutes(show: Show): readonly PageRoute[] {
  return [
    {
      path: '/license/:token',
      get: show(showLicense),
      post: show(answerChange),
    },
    { path: '/license/:token/address', post: show(askAddress) },
    { path: '/license/:token/handed', post: show(noteHanded) },
    { path: '/license/:token/reissue', post: show(reissueUnit) },
    { path: '/license/:token/codes.csv', get: show(codesFile) },
    { path: '/license/:token/:file', get: show(unitFile) },
  ];
}

async function showLicense(visit: CustomerVisit): Promise<Answer> {
  const { parts, pen, now, token, context } = visit;
  const followed = await follow(token, now, parts);
  switch (followed.outcome) {
    case 'none':
      throw gone();
    case 'old':
      return { page: oldPage(pen), status: 410 };
    case 'change': {
      const { change, purpose } = followed;
      const [license] = await parts.ledger.find({ by: 'license', id: change.license });
      const product =
        license === undefined ? '' : (parts.findProduct(license.product)?.name ?? license.product);
      return { page: changePage(pen, purpose, change, product) };
    }
    case 'page': {
      const query = new URLSearchParams(context.querystring);
      const from = Number(query.get('from') ?? 1);
      const isBuyers = followed.purpose === 'buyer';
      const view = await viewLicense(followed.link, { isBuyers, from, now }, parts);
      if (view === undefined) throw gone();
      const word = SAID.find(({ key }) => key === query.get('said'));
      const said = word && notice(word.kind, pen.texts.say(word.key));
      return { page: licensePage(pen, view, { path: `/license/${token}`, lastDay: followed.lastDay, said }) };
    }
  }
}

function send(context: Context, answer: Answer): void {
  if ('redirect' in answer) {
    redirectTo(context, answer.redirect);
    return;
  }
  if ('file' in answer) {
    if (answer.name !== undefined)
      context.set('Content-Disposition', `attachment; filename="${answer.name}"`);
    context.type = answer.type;
    context.body = answer.file;
    return;
  }
  context.status = answer.status ?? 200;
  context.type = 'html';
  context.body = answer.page;
}
