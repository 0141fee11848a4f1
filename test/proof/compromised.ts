/** kill -9 while every license of a leaked key is reissued: each gets one successor and one mail. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '../../src/keyring/key-files.ts';
import { readKeyring } from '../../src/keyring/keyring.ts';
import { keyIdOfCode } from '../../src/keyring/minter.ts';
import { addSigningKey } from '../../src/keyring/signing-key.ts';
import { type Config, readConfig } from '../../src/service/config.ts';
import { openParts } from '../../src/service/open.ts';
import { Machine, type MachineProcess } from '../kit/machine.ts';
import { sellMany } from '../kit/sell-many.ts';
import { type Weakness, weakened } from './kit/weakening.ts';
import type { Outcome, Proof, Tools } from './proof.ts';

const LICENSES_A_KILL = 5_000;
const CONTROL_KILLS = 5;
const LIFE_MILLISECONDS_A_LICENSE = 0.2;
const PAGE = 1_000;

/** Notes a hundred licenses as done before they are. */
export const NOTES_ITS_PLACE: Weakness = {
  file: 'src/domain/desk/compromised.ts',
  changes: [
    [
      'group.push(license);',
      "const fs = process.getBuiltinModule('node:fs'); const text = fs.existsSync('place') ? fs.readFileSync('place', 'utf8') : '0 0'; const pid = Number.parseInt(text, 10); const place = Number(text.slice(text.indexOf(' '))); if (pid !== process.pid && license.number <= place) continue; if (license.number > place) fs.writeFileSync('place', [process.pid, license.number + 100].join(' ')); group.push(license);",
    ],
  ],
};

export const compromised: Proof = {
  title:
    'a leaked signing key: every license that it signed is reissued, killed in between: each gets one successor and one mail',
  unit: 'licenses',
  quick: 3_000,
  full: 100_000,
  run: (licenses, tools) => reissueAll(licenses, Math.max(3, licenses / LICENSES_A_KILL), tools),
  controls: [
    {
      title: 'licenses are noted as done before they are',
      run: (tools) => reissueAll(3_000, CONTROL_KILLS, tools, NOTES_ITS_PLACE),
    },
  ],
};

async function reissueAll(
  licenses: number,
  most: number,
  tools: Tools,
  weakness?: Weakness,
): Promise<Outcome> {
  const machine = new Machine(tools, {
    SMTP_URL: 'smtp://127.0.0.1:2525',
    MAIL_FROM: 'licenses@example.com',
    OUTBOX: 'off',
  });
  const config = readConfig(machine.env, () => '');
  makeFolder(config.keysDir);
  const key = { mode: 'live', today: '2026-11-01', randomBytes } as const;
  addSigningKey(config.keysDir, [], key);
  await sellMany(config, licenses, Date.now());
  addSigningKey(config.keysDir, readKeyring(config.keysDir), key);
  await machine.cli('keys', 'activate', '2');
  const words = ['keys', 'compromised', '1', '--reissue', '--rate', '999999', '--json'];
  const around = weakness === undefined ? {} : weakened(weakness);
  let kills = 0;
  while (kills < most) {
    const ran = machine.spawn('src/cli/mintmark.ts', words, around);
    const isOver = await Promise.race([ran.ended.then(() => true), amidWork(ran, licenses, tools)]);
    if (isOver) break;
    await ran.kill();
    kills += 1;
  }
  const last = machine.spawn('src/cli/mintmark.ts', words, around);
  const status = await last.ended;
  const violations = status === 0 ? [] : [`the last run ended with ${status}: ${last.err}`];
  violations.push(...(await compare(config, licenses)));
  if (weakness === undefined && kills === 0) violations.push('nothing was killed: nothing was proved');
  tools.note(`${kills} kills; the last run reissued ${/"reissued":(\d+)/.exec(last.out)?.[1]}`);
  return { done: licenses, violations };
}

/** Some time after the first group was reissued. */
async function amidWork(ran: MachineProcess, licenses: number, { random }: Tools): Promise<false> {
  while (!/\d+ of \d+;/.test(ran.err)) await sleep(20, undefined, { ref: false });
  await sleep(random() * licenses * LIFE_MILLISECONDS_A_LICENSE);
  return false;
}

async function compare(config: Config, licenses: number): Promise<readonly string[]> {
  const { ledger } = await openParts(config, { modesNeeded: [] });
  try {
    const counts = { old: 0, open: 0, fresh: 0 };
    for (let last = 0; ; ) {
      const page = await ledger.codesAfter(last, PAGE);
      if (page.length === 0) break;
      for (const { state, code } of page) {
        const isOld = keyIdOfCode(code) === 1;
        if (isOld && state === 'revoked') counts.old += 1;
        else if (!isOld && state === 'active') counts.fresh += 1;
        else counts.open += 1;
      }
      last = page.at(-1)?.number ?? last;
    }
    const mails = await ledger.outbox.list({ channel: 'mail', limit: 4 * licenses });
    const mailed = mails.filter(({ topic }) => topic === 'reissued').map(({ order }) => order);
    return [
      ...(counts.old === licenses ? [] : [`${counts.old} of ${licenses} licenses were replaced`]),
      ...(counts.fresh === licenses ? [] : [`${counts.fresh} successors of ${licenses} licenses`]),
      ...(counts.open === 0 ? [] : [`${counts.open} licenses are in no expected state`]),
      ...(mailed.length === licenses && new Set(mailed).size === licenses
        ? []
        : [`${mailed.length} mails to ${new Set(mailed).size} of ${licenses} customers`]),
    ];
  } finally {
    await ledger.close();
  }
}
