/**
 * An editor that wants a license: `node editor.mjs CODE` once, `node editor.mjs` from then on. It verifies offline, and
 * once a day it asks the seller's server for a newer code and for the list of what was withdrawn.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createReader, explain, loadRevocations, newest, refresh } from 'mintmark-verify';

const BUILD_DATE = '2026-11-21';
const SERVICE = process.env.ACME_LICENSES ?? 'https://licenses.example.com';
/** For trying it with test orders. A released program never accepts test codes: leave it out there. */
const ALLOW_TEST = process.env.ACME_TEST_CODES === 'yes';
const HOME = process.env.ACME_HOME ?? join(homedir(), '.acme-editor');
const ASK_AFTER_MS = 24 * 60 * 60 * 1000;

// Shipped with the program: mintmark keys export --live-only, and mintmark products export PRODUCT.
const keyring = JSON.parse(readFileSync(new URL('keyring.json', import.meta.url), 'utf8'));
const { product: PRODUCT, features: FEATURES } = JSON.parse(
  readFileSync(new URL('product.json', import.meta.url), 'utf8'),
);

mkdirSync(HOME, { recursive: true });
let revocations = loadRevocations(load('revocations.jws'), keyring, PRODUCT);
let code = chooseCode(load('license.txt'), process.argv[2]);
if (isTimeToAsk()) await askServer();

const verdict = readerNow().read(code);
console.log(
  verdict.verdict === 'valid'
    ? `Licensed for ${seats(verdict.license)}.`
    : `Not licensed: ${explain(verdict)}.`,
);
if (verdict.has('export')) console.log('Export is unlocked.');
// A clock that is set back later revives nothing.
if ('keep' in verdict) save('latest-day.txt', verdict.keep);
if ('license' in verdict && revocations.suspended(verdict.license.id, verdict.license.test)) {
  console.log('The payment for this license is in question: please look at your account.');
}
process.exitCode = verdict.verdict === 'valid' ? 0 : 1;

function readerNow() {
  return createReader({
    product: PRODUCT,
    keyring,
    buildDate: BUILD_DATE,
    revocations,
    features: FEATURES,
    allowTest: ALLOW_TEST,
    latestDay: load('latest-day.txt'),
  });
}

/** What was entered, if it is genuine and not an older code of the license that is kept; what is kept otherwise. */
function chooseCode(kept, entered) {
  if (entered === undefined) return kept;
  const [before, now] = [readerNow().read(kept), readerNow().read(entered)];
  const sameLicense = 'license' in before && 'license' in now && before.license.id === now.license.id;
  if (!('license' in now)) {
    console.log(`What you entered was not taken: ${explain(now)}.`);
    return kept;
  }
  if ('repaired' in now) console.log(`Character ${now.repaired.position} was corrected.`);
  if (sameLicense && newest(before, now) === before) return kept;
  save('license.txt', now.code);
  return now.code;
}

/** Whatever comes of it, the program goes on with what it has. */
async function askServer() {
  const answer = await refresh(code, SERVICE, fetch, readerNow());
  if (answer.outcome === 'renewed') save('license.txt', answer.code);
  if (answer.outcome !== 'not-a-code') code = answer.code;
  const list = await fetchList();
  revocations = loadRevocations(list, keyring, PRODUCT, revocations);
  if (revocations.refused === null) save('revocations.jws', revocations.jws);
  const reached = answer.outcome !== 'offline' && answer.outcome !== 'try-later';
  if (reached) save('asked.txt', String(Date.now()));
}

async function fetchList() {
  try {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(`${SERVICE}/v1/revocations/${encodeURIComponent(PRODUCT)}`, { signal });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function isTimeToAsk() {
  const asked = Number(load('asked.txt') ?? 0);
  return !(Math.abs(Date.now() - asked) < ASK_AFTER_MS);
}

function seats(license) {
  if (license.seats === 0) return 'any number of seats';
  return license.seats === 1 ? '1 seat' : `${license.seats} seats`;
}

function load(name) {
  try {
    return readFileSync(join(HOME, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Whole or not at all, so that a crash leaves the former file. */
function save(name, text) {
  const path = join(HOME, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
