/** Customers in the console's screens: their names are texts of strangers. */
import test from 'ava';
import { openDesk } from '../kit/console-desk.ts';

/** RIGHT-TO-LEFT OVERRIDE: what follows it on a line is shown backwards. */
const NAME = 'Ada\u202e';

test('a name that turns the direction of text turns nothing beside it, on each screen with customers', async (t) => {
  const { shop, see, post } = await openDesk(t);
  const issue = async (order: string) => {
    const words = ['issue', 'lumen', '--order', order, '--mode', 'live', '--json'];
    const { out } = await shop.cli([...words, '--name', NAME, '--email', 'ada@example.com']);
    return JSON.parse(out).licenses[0].id;
  };
  const license = await issue('A-1');
  await issue('A-2');
  const pages = [
    await see('/'),
    await see('/orders'),
    await see('/orders/manual/A-1'),
    await see('/licenses'),
    await see(`/licenses/${license}`),
    await post('/search', { q: 'Ada' }),
  ];
  for (const { text, request } of pages) {
    t.true(text.includes(`<bdi>${NAME}</bdi>`), request.url);
    t.is(text.split(NAME).length, text.split(`<bdi>${NAME}</bdi>`).length, request.url);
  }
});
