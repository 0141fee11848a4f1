/** What keeps a shop sound: keys, backups, checks. The service gives it; the screens decide. */
import type { Readable } from 'node:stream';
import type { JobOutcome, Progress } from '../../domain/ports/long-job.ts';
import type { BackupNote } from '../../keyring/backup-note.ts';
import type { KeyEntry } from '../../keyring/keyring.ts';
import type { Noted, Seen } from '../../service/noted.ts';

export interface MadeBackup {
  readonly name: string;
  readonly bytes: number;
}

export interface Upkeep {
  /** The keys of the folder as they are now; the service signs with those of its start. */
  keys(): readonly KeyEntry[];
  keysNotBackedUp(): readonly number[];
  /** Active from the next start of the service. `now` in milliseconds since 1970-01-01. */
  makeLiveKey(now: number): Promise<KeyEntry>;
  readonly keyIdOf: (code: string) => number;
  readonly noted: () => BackupNote & Noted;
  noteBackedUpElsewhere(now: number): void;
  /** Undefined: no mail is set. Hands a mail to the relay now. */
  readonly sendTestMail:
    | ((address: string, now: number) => Promise<{ readonly outcome: string; readonly answer: string }>)
    | undefined;
  noteSeen(what: Seen, person: string, now: number): void;
  /** Every row of the ledger, apart from the thread that serves sales. */
  check(report: (progress: Progress) => void, now: () => number): Promise<JobOutcome>;
  /** Where backups are written, and whether the settings have a passphrase for them. */
  readonly backupFolder: string;
  readonly hasPassphrase: boolean;
  /** The newest first. */
  backups(): readonly MadeBackup[];
  /** Without `passphrase`, the one of the settings is used. Throws AppError `unfit_form` if there is none or it is too short. */
  checkPassphrase(passphrase: string | undefined): void;
  backUp(kind: 'keys' | 'shop', passphrase: string | undefined, now: number): Promise<JobOutcome>;
  /** Undefined: there is no such backup. */
  openBackup(name: string): Readable | undefined;
}
