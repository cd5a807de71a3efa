import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { withTimeout } from '../common/with-timeout';
import { Metrics } from '../observability/metrics';
import { FLEET_GAUGES, type FleetGauge } from './fleet-gauges.store';
import { FleetStore, type Reading } from './fleet.store';

/** How long (ms) a scrape waits for the database at most, and for gauges that have a value from before. */
const SCRAPE_TIMEOUT_MS = 1_000;

/** How long (ms) it waits for gauges that this process has not read yet. */
const FIRST_READING_TIMEOUT_MS = 8_000;

/** What was read so lately (ms) is good enough: scraping often costs the database nothing. */
const FRESH_MS = 1_000;

/**
 * A gauge that takes longer than this (ms) to read is read again when so many times as long has passed. The quicker one of
 * its last two readings counts: a large fleet is slow each time, and a busy machine now and then.
 */
const SLOW_READING_MS = 100;
const REST_FACTOR = 100;

const SAME_EVERYWHERE = 'All replicas report the same: max() over them, not sum()';

/** What was read of a gauge the last time, and when it is worth reading again. */
interface KeptReading {
  readings: Reading[];
  took: number;
  dueAt: number;
}

/**
 * The gauges that are read from the database when somebody asks for the metrics. In a large fleet some take longer than a
 * scrape waits: it shows what was read before, and the next one shows what this one has asked for. A gauge that cannot be
 * read is absent, and without the database all of them are.
 */
@Injectable()
export class FleetGaugesService implements OnApplicationBootstrap {
  private readonly gauges = new Map<FleetGauge, Gauge>();
  private readonly up: Gauge;
  private readonly kept = new Map<FleetGauge, KeptReading>();
  private pinging: Promise<void> | undefined;
  private reading: Promise<void> | undefined;
  private shownAt = -Infinity;

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

  /** So that the first scrape does not have to wait. */
  onApplicationBootstrap(): void {
    void this.refresh();
  }

  /** Brings the gauges up to date, as far as they can be read within moments. Never throws. */
  async refresh(): Promise<void> {
    if (performance.now() - this.shownAt < FRESH_MS) return;
    const isUp = await this.answers();
    this.up.set(isUp ? 1 : 0);
    if (isUp) await this.read();
    else this.kept.clear();
    for (const [fleet, gauge] of this.gauges) show(fleet, gauge, this.kept.get(fleet)?.readings);
    if (isUp) this.shownAt = performance.now();
  }

  /** Whether the database answers. A database that does not is not asked by ever more connections. */
  private answers(): Promise<boolean> {
    this.pinging ??= this.store.ping().finally(() => (this.pinging = undefined));
    return within(this.pinging, SCRAPE_TIMEOUT_MS);
  }

  /** Reads what is due, or joins whoever does already, for as long as a scrape may take. */
  private async read(): Promise<void> {
    this.reading ??= this.readDue().finally(() => (this.reading = undefined));
    const isFirst = this.kept.size === 0;
    await within(this.reading, isFirst ? FIRST_READING_TIMEOUT_MS : SCRAPE_TIMEOUT_MS);
  }

  /** One after the other: the gauges have one connection at a time, however long they take. */
  private async readDue(): Promise<void> {
    for (const fleet of FLEET_GAUGES) {
      const before = this.kept.get(fleet);
      const began = performance.now();
      if (before && began < before.dueAt) continue;
      const readings = await this.store.read(fleet).catch(() => undefined);
      const took = performance.now() - began;
      const cost = Math.min(took, before?.took ?? 0);
      const rest = cost > SLOW_READING_MS ? REST_FACTOR * cost : 0;
      if (readings) this.kept.set(fleet, { readings, took, dueAt: performance.now() + rest });
      else this.kept.delete(fleet);
    }
  }
}

/** Whether the promise is fulfilled in time. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const late = () => new Error(`no answer within ${milliseconds} ms`);
  return withTimeout(promise, milliseconds, late).then(
    () => true,
    () => false,
  );
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
