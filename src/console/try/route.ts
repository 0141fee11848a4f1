/** POST /console/test/try: makes a test order and opens its story. */
import { AppError } from '../../errors.ts';
import { at, notFound, type Screen } from '../visit.ts';

export const tryOrder: Screen = {
  path: '/try',
  post: async (visit) => {
    const { parts, mode } = visit;
    if (mode !== 'test' || !parts.simulator)
      throw notFound('Test orders are made in test mode, while the simulator is on.');
    const made = await parts.makeTestOrder();
    if (made === undefined)
      throw new AppError('unfit_form', 'No product file names a marketplace to try it with.');
    return { redirect: at(visit, 'orders', made.marketplace, made.order) };
  },
};
