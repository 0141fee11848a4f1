/** The words of the page: translate them here. What is wrong with a code is worded by the package, in `explain`. */
globalThis.words = {
  /** The title above a verdict, and its tone: the sign and the color. */
  headline(verdict) {
    switch (verdict.verdict) {
      case 'valid':
        return { title: 'Licensed', tone: 'good' };
      case 'empty':
        return { title: 'No code yet', tone: 'waiting' };
      case 'no-code':
        return { title: 'No license code in it', tone: 'care' };
      case 'several':
        return { title: 'Several codes', tone: 'waiting' };
      case 'too-short':
        return { title: 'Not all of it yet', tone: 'waiting' };
      case 'expired':
      case 'updates-ended':
      case 'not-yet-valid':
        return { title: 'Genuine, but it does not count today', tone: 'care' };
      default:
        return { title: 'Not accepted', tone: 'bad' };
    }
  },

  /** The slip in a code: text and what is marked in turn; empty if there is nothing to show. */
  slip({ repaired, group }) {
    if (group !== undefined) {
      return [
        'Something is wrong in group ',
        String(group),
        ` of 20: characters ${8 * group - 7} to ${8 * group} of the code.`,
      ];
    }
    switch (repaired?.kind) {
      case undefined:
        return [];
      case 'omission':
        return [`Before character ${repaired.position}, `, repaired.is, ' was missing. It was put in.'];
      case 'insertion':
        return [`Character ${repaired.position}, `, repaired.was, ', was too many. It was left out.'];
      default:
        return [`Character ${repaired.position} was `, repaired.was, ' and is read as ', repaired.is, '.'];
    }
  },

  marks: { waiting: '…', good: '✓', care: '!', bad: '✕' },

  /** A sentence as it stands in a text. */
  sentence(text) {
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
  },

  /** What stands beside one of several codes. */
  choice(verdict) {
    if (verdict.verdict !== 'valid') return words.sentence(mintmark.explain(verdict));
    const { lastValid, seats } = verdict.license;
    return `Valid ${words.until(lastValid)}, for ${words.computers(seats)}.`;
  },

  until: (lastValid) => (lastValid === null ? 'for good' : `until ${words.day(lastValid)}`),

  computers: (seats) =>
    seats === 0 ? 'any number of computers' : `${seats} computer${seats === 1 ? '' : 's'}`,

  day(day) {
    return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
  },

  /** What a check for a renewal came to, by its outcome. */
  refreshed({ outcome, since, seconds }) {
    switch (outcome) {
      case 'renewed':
        return 'There is a newer code. It is in the box now, in the place of the old one.';
      case 'current':
        return 'This is the newest code of your license.';
      case 'revoked':
        return 'The seller says that this license was withdrawn.';
      case 'suspended':
        return `The seller says that this license is suspended${since === null ? '' : ` since ${words.day(since)}`}: a payment is overdue or in dispute.`;
      case 'unknown':
        return 'This server does not know the license.';
      case 'try-later':
        return `The server is busy. Try again in ${seconds} seconds.`;
      case 'offline':
        return 'The server cannot be reached. Your license does not need it.';
      case 'not-a-code':
        return 'Paste your license code first.';
      default:
        return 'The answer made no sense. Your code stays as it is.';
    }
  },

  overtaken: 'Another code was entered meanwhile: ask again for that one.',

  /** What came of a list that was fetched: why it was not taken, or that it was. */
  listed({ refused, jws, issuedAt }) {
    const held = jws === null ? 'No list is held.' : `The list of ${words.moment(issuedAt)} stays in force.`;
    switch (refused) {
      case null:
        return `The list of ${words.moment(issuedAt)} is held now.`;
      case 'missing':
        return `The list could not be fetched. ${held}`;
      case 'older':
        return `The list that was fetched is older. ${held}`;
      default:
        return `What was fetched is no list to be trusted (${refused}). ${held}`;
    }
  },

  moment(seconds) {
    return words.day(new Date(seconds * 1000));
  },

  /** What a license says, line by line: a name and a value. */
  license({ lastValid, seats, updatesUntil, features, trial, test, id }) {
    const names = seller.features.filter((_, place) => (features >> place) & 1);
    return [
      ['Valid', words.until(lastValid)],
      ['For', words.computers(seats)],
      ['New versions', updatesUntil === null ? 'all of them' : `those until ${words.day(updatesUntil)}`],
      ['Features', names.length === 0 ? 'none beyond the basic ones' : names.join(', ')],
      ...(trial || test ? [['Kind', test ? 'a test order' : 'a trial']] : []),
      ['License', id],
    ];
  },
};
