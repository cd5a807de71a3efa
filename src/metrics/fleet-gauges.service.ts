import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { withTimeout } from '../common/with-timeout';
import { Metrics } from '../observability/metrics';
import { RestingReading } from '../observability/resting-reading';
import { FLEET_GAUGES, type FleetGauge } from './fleet-gauges.store';
import { FleetStore, type Reading } from './fleet.store';

/** How long (ms) a scrape waits for the database at most, and for gauges that have a value from before. */
const SCRAPE_TIMEOUT_MS = 1_000;

/** How long (ms) it waits for gauges that this process has not read yet. */
const FIRST_READING_TIMEOUT_MS = 8_000;

/** What was read so lately (ms) is good enough: scraping often costs the database nothing. */
const FRESH_MS = 1_000;

const REST_RULE = { slowMs: 100, restFactor: 100 };

const SAME_EVERYWHERE = 'All replicas report the same: max() over them, not sum()';

/** A gauge of the metrics, and what the database says of it. */
interface ShownGauge {
  fleet: FleetGauge;
  gauge: Gauge;
  reading: RestingReading<Reading[]>;
}

/**
 * The gauges that are read from the database when somebody asks for the metrics. In a large fleet some take longer than a
 * scrape waits: it shows what was read before, and the next one shows what this one has asked for. A gauge that cannot be
 * read is absent, and without the database all of them are.
 */
@Injectable()
export class FleetGaugesService implements OnApplicationBootstrap {
  private readonly gauges: ShownGauge[];
  private readonly up: Gauge;
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
    this.gauges = FLEET_GAUGES.map((fleet) => ({
      fleet,
      gauge: gauge(fleet.name, `${fleet.help}. ${SAME_EVERYWHERE}`, fleet.label ? [fleet.label.name] : []),
      reading: new RestingReading(() => this.store.read(fleet), REST_RULE),
    }));
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
    else for (const { reading } of this.gauges) reading.forget();
    for (const shown of this.gauges) show(shown);
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
    const isFirst = this.gauges.every(({ reading }) => reading.value === undefined);
    await within(this.reading, isFirst ? FIRST_READING_TIMEOUT_MS : SCRAPE_TIMEOUT_MS);
  }

  /** One after the other: the gauges have one connection at a time, however long they take. */
  private async readDue(): Promise<void> {
    for (const { reading } of this.gauges) await reading.current().catch(() => undefined);
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

function show({ fleet: { label }, gauge, reading }: ShownGauge): void {
  const readings = reading.value;
  if (!label) {
    gauge.remove();
    for (const { value } of readings ?? []) gauge.set(value);
    return;
  }
  gauge.reset();
  if (!readings) return;
  for (const value of label.values) gauge.set({ [label.name]: value }, 0);
  for (const { label: value, value: count } of readings) if (value) gauge.set({ [label.name]: value }, count);
}
