import { readFileSync } from 'node:fs';
import { itWithPromtool, promtool } from '../../support/metrics/promtool';
import { Scrape } from '../../support/metrics/scrape';
import { createTestApp, type TestApp } from '../../support/test-app';

const ALERTS = 'docs/prometheus/alerts.yaml';
const ALERT_TESTS = 'docs/prometheus/alerts.test.yaml';
const DASHBOARD = 'docs/grafana/inboxwire.json';
const read = (path: string) => readFileSync(path, 'utf8');

describe('docs/operations.md, the alerts and the dashboard', () => {
  let app: TestApp;
  let scrape: Scrape;
  beforeAll(async () => {
    app = await createTestApp();
    scrape = await Scrape.of(app.service.address);
  });
  afterAll(() => app?.close());

  /** Every metric that a text names, as it is exported: a histogram has its parts. */
  function metricsIn(text: string): string[] {
    const named = text.matchAll(/\b(?:inboxwire|nodejs|process)_[a-z0-9_]*[a-z0-9]\b/g);
    const exported = new Set(scrape.text.match(/(?<=^# TYPE )\S+/gm));
    const family = (name: string) => {
      const whole = name.replace(/_(bucket|sum|count)$/, '');
      return exported.has(name) ? name : whole;
    };
    return [...new Set(Array.from(named, ([name]) => family(name)))];
  }
  const exported = () => new Set(scrape.text.match(/(?<=^# TYPE )\S+/gm));

  it.each([ALERTS, ALERT_TESTS, DASHBOARD])('%s names metrics that exist only', (path) => {
    const named = metricsIn(read(path));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !exported().has(name))).toEqual([]);
  });

  it('describe every metric there is, once, with its labels, and no other', () => {
    const rows = Array.from(
      read('docs/operations.md').matchAll(/^\| `(inboxwire_\w+)` +\| ([^|]*) \|/gm),
      ([, name, labels]) => [name!, Array.from(labels!.matchAll(/\w+/g), String)] as const,
    );
    expect(rows.map(([name]) => name).toSorted()).toEqual([...scrape.families.keys()].toSorted());
    const ofGauges = rows.filter(([name]) => scrape.families.get(name) === 'gauge');
    expect(ofGauges.length).toBeGreaterThan(10);
    for (const [name, labels] of ofGauges) {
      const series = scrape.own.filter((one) => one === name || one.startsWith(`${name}{`));
      const shown = series.map((one) => Array.from(one.matchAll(/(\w+)=/g), ([, label]) => label!));
      for (const one of shown) expect([name, one]).toEqual([name, labels]);
    }
  });

  it('show every metric of ours on the dashboard', () => {
    const { panels } = JSON.parse(read(DASHBOARD)) as { panels: { id: number }[] };
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const shown = metricsIn(JSON.stringify(panels));
    expect([...scrape.families.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('test every alert, that it fires and that it stays silent', () => {
    const names = read(ALERTS).match(/(?<=- alert: )\w+/g)!;
    const tests = read(ALERT_TESTS);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names)
      for (const how of ['fires', 'stays silent']) expect(tests).toContain(`- name: ${name} ${how}\n`);
  });

  itWithPromtool('have alert rules that promtool accepts (skipped without promtool)', () => {
    expect(promtool(['check', 'rules', ALERTS])).toMatchObject({ status: 0 });
  });

  itWithPromtool('have alert rules that do as they say (skipped without promtool)', () => {
    expect(promtool(['test', 'rules', ALERT_TESTS])).toMatchObject({ status: 0 });
  });
});
