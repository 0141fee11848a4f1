/** Decisions about an order: its codes were mailed, its customer is corrected or erased. */
import { correctCustomer, type Erased, eraseCustomer } from '../../domain/desk/customers.ts';
import { noteMailed } from '../../domain/desk/mailed.ts';
import type { JobOutcome } from '../../domain/ports/long-job.ts';
import { isAddress } from '../../domain/values/address.ts';
import { LONGEST_NAME, NAME_RULE, readName } from '../../domain/values/customer-name.ts';
import type { OrderName } from '../../domain/values/order.ts';
import { AppError } from '../../errors.ts';
import { html } from '../../html/markup.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { isMailed } from '../decisions/mailed.ts';
import { type Saying, withSaying } from '../decisions/sayings.ts';
import { countedThings } from '../text.ts';
import { at, param, type Screen, type Visit } from '../visit.ts';
import { orderIn } from './route.ts';

interface OrderDecision {
  readonly word: string;
  readonly question: (order: string) => string;
  readonly consequences: readonly string[] | ((visit: Visit) => Promise<readonly string[]>);
  readonly button: string;
  readonly isGrave?: true;
  readonly fields?: Parameters<typeof decisionForm>[0]['fields'];
  /** A saying, or the number of the job that does it. */
  readonly decide: (visit: Visit, order: OrderName) => Promise<Saying | number>;
}

function nameIn(visit: Visit): OrderName {
  const { marketplace, order } = { marketplace: param(visit, 'marketplace'), order: param(visit, 'order') };
  return { marketplace, mode: visit.mode, order };
}

export function screenOf({
  word,
  question,
  consequences,
  button,
  isGrave,
  fields,
  decide,
}: OrderDecision): Screen {
  const own = (visit: Visit, ...more: readonly string[]) =>
    at(visit, 'orders', param(visit, 'marketplace'), param(visit, 'order'), ...more);
  const shownIn = async (visit: Visit): Promise<string> => {
    const { licenses } = await orderIn(visit, param(visit, 'marketplace'), param(visit, 'order'));
    const held = licenses.map(({ state, revision, handed }) => `${state}.${revision}.${handed ?? '-'}`);
    return held.join();
  };
  return {
    path: `/orders/:marketplace/:order/${word}`,
    isGrave: () => isGrave === true,
    get: async (visit) => {
      const shown = await shownIn(visit);
      const body = decisionForm({
        question: question(param(visit, 'order')),
        consequences: typeof consequences === 'function' ? await consequences(visit) : consequences,
        button,
        isDanger: isGrave === true,
        action: own(visit, word),
        leave: own(visit),
        shown,
        ...(fields !== undefined && { fields }),
      });
      return { title: question(param(visit, 'order')), nav: 'orders', body };
    },
    post: async (visit) => {
      requireShown(visit, await shownIn(visit), 'Its licenses changed meanwhile.');
      const decided = await decide(visit, nameIn(visit));
      if (typeof decided === 'number') return { redirect: at(visit, 'jobs', String(decided)) };
      return { redirect: withSaying(own(visit), decided) };
    },
  };
}

const mailed = screenOf({
  word: 'mailed',
  question: (order) => `Did you mail the codes of order ${order}?`,
  consequences: [
    'The newest code of each license counts as handed out.',
    'Nothing is sent, and no license changes.',
  ],
  button: 'Note it',
  decide: async (visit, order) => {
    const noted = await noteMailed(visit.parts.desk, order, groundsOf(visit), visit.now);
    return noted.outcome === 'mailed' ? 'mailed' : 'unchanged';
  },
});

const correct = screenOf({
  word: 'correct',
  question: (order) => `Correct the customer of order ${order}?`,
  consequences: async (visit) => [
    'Name and address are replaced everywhere; the history notes that, and not the values.',
    (await mailsCorrected(visit))
      ? 'With another address, the newest codes are mailed to it.'
      : 'Nobody is written to.',
    'The marketplace keeps what it has: correct it there, too.',
  ],
  button: 'Correct',
  fields: html`<p class="hint">A field that is left empty stays as it is.</p>
<div><label for="name">Name</label><input id="name" name="name" maxlength="${LONGEST_NAME}" autocomplete="off"></div>
<div><label for="email">E-mail address</label><input id="email" name="email" type="email" maxlength="254" autocomplete="off"></div>`,
  decide: async (visit, order) => {
    const grounds = groundsOf(visit);
    const typed = visit.form.get('name')?.trim() ?? '';
    const name = readName(typed);
    const email = visit.form.get('email')?.trim() ?? '';
    if (typed !== '' && name === undefined) throw new AppError('unfit_form', `Write ${NAME_RULE}.`);
    if (name === undefined && email === '')
      throw new AppError('unfit_form', 'Give a name, an address, or both.');
    if (email !== '' && !isAddress(email))
      throw new AppError('unfit_form', 'Write one address, such as ada@example.com.');
    const customer = { ...(name !== undefined && { name }), ...(email !== '' && { email }) };
    const corrected = await correctCustomer(visit.parts.desk, order, customer, grounds, visit.now);
    if (corrected.outcome === 'no license')
      throw new AppError(
        'unfit_form',
        'The order has no license yet, and the customer is kept with it: issue it first.',
      );
    if (corrected.outcome === 'erased')
      throw new AppError('unfit_form', 'The customer of this order was erased, and stays erased.');
    return corrected.outcome === 'corrected' ? 'corrected' : 'unchanged';
  },
});

/** What is corrected is an address, so that there was none before does not matter. */
async function mailsCorrected(visit: Visit): Promise<boolean> {
  const { licenses } = await orderIn(visit, param(visit, 'marketplace'), param(visit, 'order'));
  const mailed = licenses.filter(({ state }) => state === 'active' || state === 'ended');
  const answers = mailed.map((license) =>
    isMailed(visit, { ...license, customer: { name: undefined, email: 'given' } }, 'corrected'),
  );
  return (await Promise.all(answers)).includes(true);
}

const erase = screenOf({
  word: 'erase',
  question: (order) => `Erase the customer of order ${order}?`,
  consequences: [
    'Name and address go from the ledger and its files, in every order of this customer, with the payloads that hold them.',
    'The licenses stay, and the codes go on. This cannot be undone.',
    'Backups of before still hold them, until you delete those.',
  ],
  button: 'Erase',
  isGrave: true,
  decide: async (visit, order) => {
    const { actor, reason } = groundsOf(visit);
    const { desk, ledger } = visit.parts;
    const what = `erased the customer of an order: ${reason}`;
    await ledger.consoleAccess.note({ at: visit.now, person: actor, what });
    const { marketplace, mode } = order;
    const job = {
      kind: 'erase',
      what: `Erase the customer of order ${order.order}`,
      mode,
      person: actor,
      from: `orders/${marketplace}/${encodeURIComponent(order.order)}/erase`,
    } as const;
    return visit.jobs.begin(job, async () => endOf(await eraseCustomer(desk, order)));
  },
});

function endOf(erased: Erased): JobOutcome {
  if (erased.outcome === 'unknown') {
    const text = 'The ledger had nothing of them any more.';
    return erased.clean ? { isGood: true, text } : { isGood: false, text, lines: [LEFT] };
  }
  const { licenses, events, others, clean } = erased;
  const text = `Erased from ${countedThings(licenses, 'license').toLowerCase()} and ${countedThings(events, 'event').toLowerCase()}.`;
  const lines = others === 0 ? [] : [`Another name or address remains with ${others} of these licenses.`];
  if (clean) return { isGood: true, text, lines };
  return { isGood: false, text, lines: [...lines, LEFT] };
}

const LEFT =
  "The files can still hold what was erased, because a reader was running: erase once more in a while. If the role does not own PostgreSQL's tables, its own vacuum removes it.";

export const orderDecisions: readonly Screen[] = [mailed, correct, erase];
