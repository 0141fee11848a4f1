/** /console/MODE/products/ID/apply: moves sold licenses to the terms of the product file in force. */
import { type Applied, applyTerms } from '../../domain/desk/products.ts';
import { decisionForm, groundsOf, requireShown } from '../decisions/form.ts';
import { countedThings } from '../text.ts';
import { at, type Screen, type Visit } from '../visit.ts';
import { productIn } from './route.ts';

export const apply: Screen = {
  path: '/products/:product/apply',
  isGrave: () => true,
  get: async (visit) => {
    const { id, name } = productIn(visit);
    const body = decisionForm({
      question: `Apply the file of ${name} to the licenses that were sold?`,
      consequences: [
        'Every license of this product in both modes gets the terms of the file in force, each with a row in its history.',
        'A license can change at once: an earlier refund revokes it under “refund: revoke”, and a longer grace moves the last valid day of a subscription.',
        'A sale that was paid once keeps the days of its code, also under a longer term or longer updates: renew or extend its license.',
        'It can be stopped in the middle, and run again.',
      ],
      button: 'Apply',
      isDanger: true,
      action: at(visit, 'products', id, 'apply'),
      leave: at(visit, 'products', id),
      shown: shownOf(visit, id),
    });
    return { title: 'Apply?', nav: 'products', body };
  },
  post: async (visit) => {
    const { id, name } = productIn(visit);
    const grounds = groundsOf(visit);
    requireShown(visit, shownOf(visit, id), 'The service was started with another file meanwhile.');
    const { desk, ledger, reader } = visit.parts;
    const what = `applied the terms of ${id}: ${grounds.reason}`;
    await ledger.consoleAccess.note({ at: visit.now, person: grounds.actor, what });
    const job = {
      kind: 'apply',
      what: `Apply the file of ${name}`,
      mode: null,
      person: grounds.actor,
      from: `products/${id}/apply`,
    } as const;
    const number = await visit.jobs.begin(job, async (report) => {
      const done = await applyTerms(
        desk,
        id,
        grounds,
        visit.now,
        (orders) => report({ done: orders }),
        reader,
      );
      return endOf(done);
    });
    return { redirect: at(visit, 'jobs', String(number)) };
  },
};

function shownOf({ parts }: Visit, id: string): string {
  return parts.desk.rules.currentTerms(id)?.digest ?? '';
}

function endOf(applied: Applied): string {
  switch (applied.outcome) {
    case 'applied':
      return `${countedThings(applied.orders, 'order')} moved to the terms of the file.`;
    case 'unchanged':
      return 'All sold licenses have these terms already.';
    case 'no such product':
      throw new Error('There is no such product file.');
    case 'features moved':
      throw new Error('Nothing was changed: new features may only be appended to those that were sold.');
    case 'quantity differs':
      throw new Error('Nothing was changed: “quantity” of the file differs from what was sold.');
  }
}
