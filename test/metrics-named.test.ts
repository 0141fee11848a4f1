/** The alarms, the dashboard and the book name only metrics and labels that exist, and the alarms have tests. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { Metrics } from '../src/metrics.ts';
import { DatabaseMetrics } from '../src/service/database-metrics.ts';
import { LedgerMetrics } from '../src/service/ledger-metrics.ts';
import { watchReconciled } from '../src/service/reconcile-metrics.ts';

const ALARMS: { groups: { rules: { alert: string; expr: string }[] }[] } = parse(
  readFileSync('deploy/prometheus/alarms.yaml', 'utf8'),
);
const DASHBOARD: { panels: { title: string; targets: { expr: string }[] }[] } = JSON.parse(
  readFileSync('deploy/grafana/mintmark.json', 'utf8'),
);
const RULES = ALARMS.groups.flatMap(({ rules }) => rules);

/** Names of the scraper's own and words of PromQL. */
const NOT_OURS = new Set(['up', 'job', 'le']);

async function existing(): Promise<ReadonlySet<string>> {
  const metrics = new Metrics();
  metrics.watchBackups(() => undefined);
  watchReconciled(metrics, () => ({}));
  new DatabaseMetrics(metrics, { load: () => [] }).instances({ others: 0, differing: 0 });
  new LedgerMetrics(
    metrics,
    {
      countUndelivered: async () => ({ undelivered: 0, unmailed: 0 }),
      countFlags: async () => ({}),
      outbox: { count: async () => [] },
    },
    () => 0,
  );
  const text = await metrics.text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set(names);
}

const named = (expr: string): readonly string[] =>
  (expr.match(/\b(?:mintmark|process|nodejs)_\w+|\bup\b/g) ?? []).filter((name) => !NOT_OURS.has(name));

test('each metric of an alarm or a panel exists', async (t) => {
  const known = await existing();
  const exprs = [
    ...RULES.map(({ expr }) => expr),
    ...DASHBOARD.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  t.true(exprs.length > 20);
  t.deepEqual(
    exprs.flatMap(named).filter((name) => !known.has(name)),
    [],
  );
  t.deepEqual(
    named('rate(mintmark_no_such_total[5m]) + mintmark_flags').filter((name) => !known.has(name)),
    ['mintmark_no_such_total'],
    'the control must be found',
  );
});

test('each metric of the book exists, without the ends of a histogram', async (t) => {
  const known = [...(await existing())];
  const pages = ['docs/operations.md', 'docs/outbox.md', 'docs/deploy/backup.md'];
  const names = pages.flatMap((page) => readFileSync(page, 'utf8').match(/\bmintmark_\w+/g) ?? []);
  t.true(names.length > 5);
  t.deepEqual(
    names.filter((name) => !known.some((each) => each === name || each === `${name}_bucket`)),
    [],
  );
});

test('each alarm has a name of its own and is tested where it is silent and where it fires', (t) => {
  const tests = ['alarms.test.yaml', 'alarms-days.test.yaml']
    .map((name) => readFileSync(`deploy/prometheus/${name}`, 'utf8'))
    .flatMap(
      (text): { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[] => parse(text).tests,
    )
    .flatMap(({ alert_rule_test }) => alert_rule_test);
  const names = RULES.map(({ alert }) => alert);
  t.is(new Set(names).size, names.length);
  for (const name of names) {
    const own = tests.filter(({ alertname }) => alertname === name);
    t.true(
      own.some(({ exp_alerts }) => exp_alerts === undefined),
      `${name} is silent`,
    );
    t.true(
      own.some(({ exp_alerts = [] }) => exp_alerts.length > 0),
      `${name} fires`,
    );
  }
});
