/** Why a decision about an announcement was refused. */
import type { AnnouncementState } from '../domain/values/announcement.ts';
import { AppError } from '../errors.ts';

export function noAnnouncement(number: number): AppError {
  return new AppError('not_found', `There is no announcement ${number}.`);
}

const WORDS: Readonly<Record<AnnouncementState, string>> = {
  waiting: 'waits already',
  held: 'is held',
  sent: 'was sent',
  'given-up': 'was given up',
  dropped: 'was dropped, and stays so',
};

export function refusedAnnouncement(number: number, state: AnnouncementState): AppError {
  return new AppError('nothing_changed', `Announcement ${number} ${WORDS[state]}.`);
}
