/** Getting in and out: by a link's code or by a passkey. Every try counts against the limits. */
import type { Passkey } from '../../domain/ports/console-access.ts';
import { AppError } from '../../errors.ts';
import type { Assets } from '../../html/assets.ts';
import { LARGEST_FORM, readBody } from '../../http/edge/body.ts';
import { addressKey, RateLimit } from '../../http/edge/rate-limit.ts';
import type { Context } from '../../http/edge/request.ts';
import { RUN } from '../../service/command.ts';
import type { ConsoleParts } from '../parts.ts';
import { Challenges } from './challenges.ts';
import { writeCookie } from './cookie.ts';
import { doorPage, offerPage } from './door-page.ts';
import { addPasskey, beginEntry, beginPasskey, enterByPasskey, hasName } from './passkeys.ts';
import { digestOf, readLinkCode } from './secret.ts';
import { enter, isProved, sessionOf } from './sessions.ts';

const LINK_MILLISECONDS = 10 * 60_000;
/** Who got in before; a person who is not in these is told again as new. */
const MOST_ENTRIES = 1000;
const FORM = 'application/x-www-form-urlencoded';

const BY_ADDRESS = { points: 10, seconds: 900, keys: 20_000 };
const IN_ALL = { points: 100, seconds: 900, keys: 1 };

export const LINK_COMMAND = `${RUN} console link`;

export class Door {
  readonly #parts: ConsoleParts;
  readonly #assets: Assets;
  readonly #challenges = new Challenges();
  readonly #byAddress = new RateLimit(BY_ADDRESS);
  readonly #inAll = new RateLimit(IN_ALL);

  constructor(parts: ConsoleParts, assets: Assets) {
    this.#parts = parts;
    this.#assets = assets;
  }

  /** GET /console/in, and /console/again for a session whose proof is too old. */
  async show(
    context: Context,
    again: boolean,
    refused?: { readonly fault: string; readonly back: string },
  ): Promise<void> {
    const passkeys = await this.#parts.ledger.consoleAccess.listPasskeys();
    const named = this.#named(context);
    context.status = refused === undefined ? 200 : 403;
    context.type = 'html';
    context.body = doorPage({
      assets: this.#assets,
      back: refused?.back ?? backOf(context),
      hasPasskeys: passkeys.length > 0 && named === undefined,
      named: named && `${named}/console/in`,
      command: LINK_COMMAND,
      again,
      fault: refused?.fault,
    });
  }

  /** POST /console/in: a link's code. */
  async enterByCode(context: Context): Promise<void> {
    await this.#limit(context);
    const body = await readBody(context.req, FORM, LARGEST_FORM);
    const form = new URLSearchParams(body.toString('utf8'));
    const back = safeBack(form.get('back') ?? '');
    const code = readLinkCode(form.get('code') ?? '');
    const { now, ledger } = this.#parts;
    const access = ledger.consoleAccess;
    const known = await access.listEntries(MOST_ENTRIES);
    const session =
      code === undefined
        ? undefined
        : await enter(context, this.#where(context), (opened) =>
            access.openByLink(digestOf(code), now() - LINK_MILLISECONDS, opened),
          );
    if (session === undefined) {
      context.state.outcome = 'refused_link';
      const fault = 'This code is not good: it was used, is older than 10 minutes, or was mistyped.';
      return this.show(context, false, { fault, back });
    }
    const { person } = session;
    const isNew = !known.some((entry) => entry.person === person && entry.what.startsWith('got in'));
    if (isNew) await this.#parts.tellSeller('access-person');
    const own = (await access.listPasskeys()).some((passkey) => passkey.person === person);
    redirect(context, own ? back : `/console/welcome?back=${encodeURIComponent(back)}`);
  }

  /** GET /console/welcome: offers a passkey after the first way in. */
  async welcome(context: Context): Promise<void> {
    if ((await this.sessionOf(context)) === undefined) return redirect(context, '/console/in');
    const named = this.#named(context);
    context.type = 'html';
    context.body = offerPage(this.#assets, backOf(context), named && `${named}/console/`);
  }

  async beginEntry(context: Context): Promise<void> {
    context.body = await beginEntry(this.#relyingParty(context));
  }

  async enterByPasskey(context: Context): Promise<void> {
    await this.#limit(context);
    const given = await jsonOf(context);
    const where = this.#where(context);
    const party = this.#relyingParty(context);
    const open = (passkey: Passkey) =>
      enter(context, where, (opened) => party.access.openByPasskey(passkey, opened));
    await enterByPasskey(given, party, open);
    context.body = { location: safeBack(String(given['back'] ?? '')) };
  }

  async beginPasskey(context: Context): Promise<void> {
    const { person } = await this.#provedSession(context);
    context.body = await beginPasskey(person, this.#relyingParty(context));
  }

  async addPasskey(context: Context): Promise<void> {
    const { person } = await this.#provedSession(context);
    const given = await jsonOf(context);
    const name = String(given['name'] ?? '').trim();
    if (name === '' || name.length > 60)
      throw new AppError('unfit_form', 'Give the passkey a name of 1 to 60 characters.');
    await addPasskey(person, { ...given, name }, this.#relyingParty(context));
    await this.#parts.tellSeller('access-passkey');
    context.body = { location: safeBack(String(given['back'] ?? '')) };
  }

  /** POST /console/out: ends this session. */
  async leave(context: Context): Promise<void> {
    const session = await this.sessionOf(context);
    const { now, ledger, origin } = this.#parts;
    if (session !== undefined) {
      const entry = { at: now(), person: session.person, what: 'signed out' };
      await ledger.consoleAccess.endSessions({ digest: session.digest }, entry);
    }
    writeCookie(context, origin(), '');
    redirect(context, '/console/in');
  }

  sessionOf(context: Context) {
    return sessionOf(context, this.#where(context));
  }

  async #provedSession(context: Context) {
    const session = await this.sessionOf(context);
    if (session !== undefined && isProved(session, this.#parts.now())) return session;
    throw new AppError('not_signed_in', 'This needs a proof of the last 15 minutes: get in again.');
  }

  #where(_context: Context) {
    const { ledger, origin, now } = this.#parts;
    return { access: ledger.consoleAccess, origin: origin(), now: now() };
  }

  #relyingParty(context: Context) {
    const { access, now } = this.#where(context);
    return { access, now, challenges: this.#challenges, origin: originOf(context, this.#parts.origin()) };
  }

  /** The address with the name `localhost`, if the current one is an IP address. */
  #named(context: Context): string | undefined {
    const origin = originOf(context, this.#parts.origin());
    if (hasName(origin)) return undefined;
    const { protocol, port } = new URL(origin);
    return `${protocol}//localhost${port === '' ? '' : `:${port}`}`;
  }

  async #limit(context: Context): Promise<void> {
    await this.#byAddress.consume(addressKey(context), context);
    await this.#inAll.consume('all', context);
  }
}

/** Where the browser is: the public address, or at a local one the name or number that was typed. */
export function originOf(context: Context, configured: string): string {
  if (configured.startsWith('https:')) return configured;
  const { host } = context;
  return isLocalHost(host) ? `http://${host}` : configured;
}

export function isLocalHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/.test(host);
}

function backOf(context: Context): string {
  return safeBack(new URLSearchParams(context.querystring).get('back') ?? '');
}

/** Returns the path if it is one of the console, and the overview otherwise: no redirect leads to another site. */
export function safeBack(path: string): string {
  return /^\/console\/(live|test)(\/|$)/.test(path) && !path.includes('\\') ? path : '/console/';
}

export function redirect(context: Context, path: string): void {
  context.status = 303;
  context.set('Location', path);
  context.body = '';
}

// biome-ignore lint/suspicious/noExplicitAny: the library checks the shape of an answer of an authenticator.
async function jsonOf(context: Context): Promise<any> {
  const body = await readBody(context.req, 'application/json', LARGEST_FORM);
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new AppError('malformed_request', 'This is not JSON.');
}
