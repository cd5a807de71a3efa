import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { withTimeout } from '../common/with-timeout';
import { Metrics } from '../observability/metrics';
import { FLEET_GAUGES, type FleetGauge } from './fleet-gauges.store';
import { FleetStore, type Reading } from './fleet.store';

/** How long (ms) a scrape waits for the database at most, and all its statements may take. */
const SCRAPE_TIMEOUT_MS = 1_000;
const ALL_STATEMENTS_MS = 800;

/** What was read so lately (ms) is good enough: scraping often costs the database nothing. */
const FRESH_MS = 1_000;

const SAME_EVERYWHERE = 'All replicas report the same: max() over them, not sum()';

type Readings = ReadonlyMap<FleetGauge, Reading[]>;

/** The gauges that are read from the database when somebody asks for the metrics. Without the database they are absent. */
@Injectable()
export class FleetGaugesService {
  private readonly gauges = new Map<FleetGauge, Gauge>();
  private readonly up: Gauge;
  private reading: Promise<Readings> | undefined;
  private readAt = -Infinity;

  constructor(
    private readonly store: FleetStore,
    { registry }: Metrics,
  ) {
    const gauge = (name: string, help: string, labelNames: string[] = []) =>
      new Gauge({ name: `inboxwire_${name}`, help, labelNames, registers: [registry] });
    this.up = gauge('database_up', 'Whether this process reaches the database: 1 or 0');
    for (const fleet of FLEET_GAUGES) {
      const labelNames = fleet.label ? [fleet.label.name] : [];
      this.gauges.set(fleet, gauge(fleet.name, `${fleet.help}. ${SAME_EVERYWHERE}`, labelNames));
    }
  }

  /** Brings the gauges up to date, within a second; those that could not be read in time are absent. Never throws. */
  async refresh(): Promise<void> {
    if (performance.now() - this.readAt < FRESH_MS) return;
    // One reading at a time: a database that does not answer is not asked by ever more connections.
    this.reading ??= this.readAll().finally(() => (this.reading = undefined));
    const late = () => new Error(`no answer within ${SCRAPE_TIMEOUT_MS} ms`);
    const readings = await withTimeout(this.reading, SCRAPE_TIMEOUT_MS, late).catch(() => undefined);
    this.up.set(readings ? 1 : 0);
    for (const [fleet, gauge] of this.gauges) show(fleet, gauge, readings?.get(fleet));
    if (readings) this.readAt = performance.now();
  }

  /** @throws when the database does not answer at all; a statement that fails has no reading */
  private async readAll(): Promise<Readings> {
    const until = performance.now() + ALL_STATEMENTS_MS;
    await this.store.ping();
    const readings = new Map<FleetGauge, Reading[]>();
    for (const fleet of FLEET_GAUGES) {
      const left = Math.floor(until - performance.now());
      if (left <= 0) break;
      const found = await this.store.read(fleet, left).catch(() => undefined);
      if (found) readings.set(fleet, found);
    }
    return readings;
  }
}

function show({ label }: FleetGauge, gauge: Gauge, readings: Reading[] | undefined): void {
  if (!label) {
    gauge.remove();
    for (const { value } of readings ?? []) gauge.set(value);
    return;
  }
  gauge.reset();
  if (!readings) return;
  for (const value of label.values) gauge.set({ [label.name]: value }, 0);
  for (const reading of readings)
    if (reading.label) gauge.set({ [label.name]: reading.label }, reading.value);
}
