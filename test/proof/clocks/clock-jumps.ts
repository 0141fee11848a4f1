/** The jumps of a service's clock: zones, moments, amounts. */

export const ZONES = ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'];

/** UTC. */
export const MOMENTS = [
  '2026-11-20 23:40:00',
  '2026-12-31 23:50:00',
  '2027-01-31 00:10:00',
  // The clocks of Los Angeles go forward and back.
  '2027-03-14 09:50:00',
  '2027-11-07 08:50:00',
  '2028-02-28 23:50:00',
  '2028-02-29 06:00:00',
  '2028-02-29 23:50:00',
];

const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;
/** From the orders before a jump to those after it, by the marketplace's clock. */
export const PAUSE = 20 * MINUTE;

/** The error of the service's clock after the jump, in milliseconds. */
export const JUMPS = { 'on time': 0, 'an hour back': -60 * MINUTE, '30 days on': 30 * DAY };

export interface Combination {
  readonly zone: string;
  readonly moment: string;
  readonly jump: keyof typeof JUMPS;
  readonly restarted: boolean;
}

export const COMBINATIONS = combine();

/** All combinations; the first contain each moment in each zone, and each jump both ways. */
function combine(): Combination[] {
  const all = ZONES.flatMap((zone, z) =>
    MOMENTS.flatMap((moment, m) =>
      (Object.keys(JUMPS) as Combination['jump'][]).flatMap((jump, j) =>
        [false, true].map((restarted) => ({
          zone,
          moment,
          jump,
          restarted,
          isFirst: (z + m) % 3 === j && ((z + m) % 2 === 1) === restarted,
        })),
      ),
    ),
  );
  return [...all.filter(({ isFirst }) => isFirst), ...all.filter(({ isFirst }) => !isFirst)];
}

export function isOf(wanted: Partial<Combination>) {
  return (combination: Combination) =>
    Object.entries(wanted).every(([name, value]) => combination[name as keyof Combination] === value);
}
