/** The metrics of reconciliation, by marketplace and mode. */
import { Gauge, type Metrics } from '../metrics.ts';

/** Readings of a marketplace's API: the last one, the last one to its end, the last one of another instance (ISO 8601). */
type ReconciledAs = Readonly<Record<'at', string>> &
  Readonly<Partial<Record<'wholeAt' | 'elsewhere', string | undefined>>> & { readonly lacking: number };

/** Reads at each scrape what was found when the marketplaces' APIs were last read: by marketplace and mode, as `stripe live`. */
export function watchReconciled(
  { registry }: Pick<Metrics, 'registry'>,
  read: () => Readonly<Record<string, ReconciledAs>>,
): void {
  const around = { labelNames: ['marketplace', 'mode'] as const, registers: [registry] };
  const watch = (name: string, help: string, told: (entry: ReconciledAs) => number | undefined) => {
    const gauge = new Gauge({
      name: `mintmark_reconcile_${name}`,
      help,
      ...around,
      collect() {
        gauge.reset();
        for (const [key, entry] of Object.entries(read())) {
          const [marketplace = '', mode = ''] = key.split(' ');
          const value = told(entry);
          if (value !== undefined) gauge.set({ marketplace, mode }, value);
        }
      },
    });
  };
  const seconds = (moment: string) => Date.parse(moment) / 1000;
  const of = "the marketplace's API was last";
  watch('lacking', `Entries that the ledger lacked when ${of} read`, ({ lacking }) => lacking);
  watch(
    'timestamp_seconds',
    `When ${of} read to its end, seconds since 1970-01-01`,
    ({ wholeAt = '', elsewhere = '' }) => (wholeAt > elsewhere ? seconds(wholeAt) : undefined),
  );
  const tried = `When ${of} asked, to its end or not, seconds since 1970-01-01`;
  watch('tried_timestamp_seconds', tried, ({ at }) => seconds(at));
}
