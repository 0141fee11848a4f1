/** The upkeep that the console offers, by the functions of the commands. */
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { backupIn } from '../backup/retention.ts';
import type { Upkeep } from '../console/upkeep/upkeep.ts';
import type { JobOutcome } from '../domain/ports/long-job.ts';
import { counted } from '../domain/values/counted.ts';
import { dayOf } from '../domain/values/day.ts';
import { AppError } from '../errors.ts';
import { keysNotBackedUp, noteBackup, readBackupNote } from '../keyring/backup-note.ts';
import { readKeyring } from '../keyring/keyring.ts';
import { withLock } from '../keyring/lock.ts';
import { keyIdOfCode } from '../keyring/minter.ts';
import { addSigningKey } from '../keyring/signing-key.ts';
import { secret } from '../marketplaces/secret.ts';
import type { Config } from './config.ts';
import { workLong } from './long-work.ts';
import { noteCheck, noteSeen, readNoted } from './noted.ts';

const SUFFIX = '.backup';

export function upkeepOf(config: Config): Upkeep {
  const { keysDir, dataDir, mail, backupPassphrase, keyPassphrase: passphrase } = config;
  const backupFolder = join(dataDir, 'backups');
  const names = () =>
    existsSync(backupFolder) ? readdirSync(backupFolder).filter((name) => name.endsWith(SUFFIX)) : [];
  const iso = (now: number) => new Date(now).toISOString();
  return {
    keys: () => readKeyring(keysDir),
    keysNotBackedUp: () => keysNotBackedUp(keysDir),
    makeLiveKey: (now) =>
      withLock(keysDir, () =>
        addSigningKey(keysDir, readKeyring(keysDir), {
          mode: 'live',
          today: dayOf(now),
          passphrase,
          randomBytes,
        }),
      ),
    keyIdOf: keyIdOfCode,
    noted: () => ({ ...readBackupNote(keysDir), ...readNoted(keysDir) }),
    noteBackedUpElsewhere: (now) => noteBackup(keysDir, iso(now), 'keys'),
    sendTestMail:
      mail &&
      (async (address, now) =>
        (await import('../outbox/mail/test-mail.ts')).sendTestMail(mail, address, now)),
    noteSeen: (what, by, now) => noteSeen(keysDir, what, { at: iso(now), by }),
    check: async (report, now) => {
      const { licenses, faults, first } = await workLong(config, { what: 'check' }, (done, all) =>
        report({ done, all }),
      );
      const noted = unnoted(() => noteCheck(keysDir, { at: iso(now()), licenses, faults }));
      const text =
        faults === 0
          ? `${counted(licenses, 'license')}, no faults.`
          : `${counted(faults, 'fault')} in the ledger.`;
      return { isGood: faults === 0, text: `${text}${noted}`, lines: first };
    },
    backupFolder,
    hasPassphrase: backupPassphrase !== undefined,
    backups: () =>
      names()
        .sort()
        .reverse()
        .map((name) => ({ name, bytes: statSync(join(backupFolder, name)).size })),
    checkPassphrase: (given) => void passphraseFor(given ?? backupPassphrase),
    backUp: async (kind, given, now): Promise<JobOutcome> => {
      mkdirSync(backupFolder, { recursive: true, mode: 0o700 });
      const file = backupIn(backupFolder, now, kind);
      const chosen = passphraseFor(given ?? backupPassphrase);
      await workLong(config, { what: 'backup', kind, file, passphrase: chosen, now });
      const noted = unnoted(() => noteBackup(keysDir, iso(now), kind));
      const text = `Wrote ${basename(file)}. Keep it on another machine, and its passphrase apart from it.`;
      return { isGood: true, text: `${text}${noted}` };
    },
    openBackup: (name) => (names().includes(name) ? createReadStream(join(backupFolder, name)) : undefined),
  };
}

function passphraseFor(given: string | undefined): string {
  if (given === undefined) throw new AppError('unfit_form', 'A backup is encrypted: give a passphrase.');
  const checked = secret.safeParse(given);
  if (checked.success) return given;
  throw new AppError('unfit_form', `The passphrase ${checked.error.issues[0]?.message ?? 'is faulty'}`);
}

/** A keys folder that cannot be written makes no work fail. */
function unnoted(note: () => void): string {
  try {
    note();
    return '';
  } catch (error) {
    return ` It could not be noted: ${error instanceof Error ? error.message : String(error)}`;
  }
}
