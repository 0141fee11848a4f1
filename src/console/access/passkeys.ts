/** Passkeys: made and used by WebAuthn, discoverable, with user verification. The library is loaded at first use. */
import { createHash } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { ConsoleAccess, Passkey, Session } from '../../domain/ports/console-access.ts';
import { AppError } from '../../errors.ts';
import type { Challenges } from './challenges.ts';

const library = () => import('@simplewebauthn/server');

export interface RelyingParty {
  readonly access: ConsoleAccess;
  readonly challenges: Challenges;
  readonly origin: string;
  /** Milliseconds since 1970-01-01. */
  readonly now: number;
}

/** The user handle of a person, the same for all their passkeys, so that one account is one entry in a browser's list. */
function handleOf(person: string): string {
  return createHash('sha256').update(`mintmark console ${person}`).digest('base64url');
}

/** The address has a name: browsers refuse passkeys at bare IP addresses. */
export function hasName(origin: string): boolean {
  const { hostname } = new URL(origin);
  return !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname);
}

const rpId = (origin: string) => new URL(origin).hostname;

export async function beginPasskey(person: string, { access, challenges, origin, now }: RelyingParty) {
  const { generateRegistrationOptions } = await library();
  const own = (await access.listPasskeys()).filter((passkey) => passkey.person === person);
  const options = await generateRegistrationOptions({
    rpName: 'Mintmark',
    rpID: rpId(origin),
    userName: person,
    userID: new Uint8Array(Buffer.from(handleOf(person), 'base64url')),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: own.map(({ id }) => ({ id })),
  });
  return { ticket: challenges.keep(options.challenge, `new ${person}`, now), options };
}

/** Throws AppError `refused_passkey`. */
export async function addPasskey(
  person: string,
  given: { readonly name: string; readonly ticket: string; readonly response: RegistrationResponseJSON },
  { access, challenges, origin, now }: RelyingParty,
): Promise<Passkey> {
  const { verifyRegistrationResponse } = await library();
  const challenge = challenges.take(given.ticket, `new ${person}`, now);
  if (challenge === undefined) throw refused('The question was too old: begin again.');
  const verified = await verifyRegistrationResponse({
    response: given.response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId(origin),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw refused('The passkey could not be verified.', cause);
  });
  if (!verified.verified) throw refused('The passkey could not be verified.');
  const { credential } = verified.registrationInfo;
  const passkey: Passkey = {
    id: credential.id,
    person,
    name: given.name,
    handle: handleOf(person),
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: credential.transports ?? [],
    madeAt: now,
    usedAt: null,
  };
  await access.addPasskey(passkey, { at: now, person, what: `added the passkey “${given.name}”` });
  return passkey;
}

export async function beginEntry({ challenges, origin, now }: RelyingParty) {
  const { generateAuthenticationOptions } = await library();
  const options = await generateAuthenticationOptions({ rpID: rpId(origin), userVerification: 'required' });
  return { ticket: challenges.keep(options.challenge, 'in', now), options };
}

/** Verifies an answer; opens a session with `enter`. Throws AppError `refused_passkey`. */
export async function enterByPasskey(
  given: { readonly ticket: string; readonly response: AuthenticationResponseJSON },
  { access, challenges, origin, now }: RelyingParty,
  enter: (passkey: Passkey) => Promise<Session>,
): Promise<Session> {
  const { verifyAuthenticationResponse } = await library();
  const challenge = challenges.take(given.ticket, 'in', now);
  if (challenge === undefined) throw refused('The question was too old: begin again.');
  const passkey = await access.findPasskey(String(given.response?.id));
  if (passkey === undefined) throw refused('This passkey is not known here, or was removed.');
  const { id, publicKey, counter } = passkey;
  const verified = await verifyAuthenticationResponse({
    response: given.response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId(origin),
    requireUserVerification: true,
    credential: { id, publicKey: new Uint8Array(publicKey), counter },
  }).catch(async (cause: unknown) => {
    const what = `the passkey “${passkey.name}” was refused: ${cause instanceof Error ? cause.message : 'unknown'}`;
    await access.note({ at: now, person: passkey.person, what: what.slice(0, 200) });
    throw refused('The passkey could not be verified.', cause);
  });
  if (!verified.verified) throw refused('The passkey could not be verified.');
  return enter({ ...passkey, counter: verified.authenticationInfo.newCounter, usedAt: now });
}

function refused(message: string, cause?: unknown): AppError {
  return new AppError('refused_passkey', message, cause === undefined ? {} : { cause });
}
