import type { VNode } from 'preact';
import { QuotaSettings } from '../../config/settings';
import { StatsService } from '../../stats/stats.service';
import type { StatsStep } from '../../stats/stats.dto';
import type { StepName } from '../../stats/steps';
import { Empty, Panel, Pill, type Tone } from '../layout/components';
import { compact, duration, link, number } from '../layout/format';
import { Plot } from '../layout/plot';
import { OverviewService } from '../overview/overview.service';
import { type FleetCounts, MAX_COUNTED, type Troubles } from '../overview/overview.store';
import type { PageContext, PageResponse } from '../page';

interface Period {
  name: string;
  step: StepName;
  minutes: number;
  begins: string;
}

const PERIODS: Record<string, Period> = {
  hour: { name: 'Hour', step: '1m', minutes: 1, begins: '1 h ago' },
  day: { name: 'Day', step: '5m', minutes: 5, begins: '1 d ago' },
  week: { name: 'Week', step: '1h', minutes: 60, begins: '7 d ago' },
};

export async function overviewPage(context: PageContext): Promise<PageResponse> {
  const chosen = context.query.get('period') ?? 'hour';
  const periodName = Object.hasOwn(PERIODS, chosen) ? chosen : 'hour';
  const period = PERIODS[periodName]!;
  const overview = context.get(OverviewService);
  const [steps, troubles, counts] = await Promise.all([
    context.get(StatsService).list({ step: period.step }),
    overview.troubles(),
    overview.counts(),
  ]);
  const content = (
    <>
      <div class="head">
        <h1>Overview</h1>
        <Periods current={periodName} />
      </div>
      <div class="stack" id="overview" data-refresh={link('/', { period: periodName })} data-every="15">
        <ToDo troubles={troubles} counts={counts} />
        <Figures steps={steps} counts={counts} period={period} />
        <Plots context={context} steps={steps} counts={counts} period={period} />
      </div>
    </>
  );
  return { title: 'Overview', content };
}

function Periods({ current }: { current: string }): VNode {
  return (
    <nav class="tabs" aria-label="Period">
      {Object.entries(PERIODS).map(([key, { name }]) => (
        <a href={link('/', { period: key })} aria-current={key === current ? 'true' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}

interface Item {
  tone: Tone;
  count: number;
  one: string;
  many: string;
  to: string;
  remedy: string;
}

const itemsOf = (troubles: Troubles): Item[] => [
  {
    tone: 'bad',
    count: troubles.reauthorization,
    one: 'mailbox needs a new consent',
    many: 'mailboxes need a new consent',
    to: link('/mailboxes', { status: 'reauthorization_required' }),
    remedy: 'Send their owners a link to connect again. Nothing is lost meanwhile.',
  },
  {
    tone: 'bad',
    count: troubles.expiredWatches,
    one: 'watch has expired',
    many: 'watches have expired',
    to: link('/setup'),
    remedy: 'No notifications come for them. Setup says what Google refuses.',
  },
  {
    tone: 'warn',
    count: troubles.failingWatches,
    one: 'watch could not be renewed',
    many: 'watches could not be renewed',
    to: link('/setup'),
    remedy: 'They are tried again. If it lasts, Setup says why.',
  },
  {
    tone: 'bad',
    count: troubles.disabledEndpoints,
    one: 'endpoint was disabled',
    many: 'endpoints were disabled',
    to: link('/endpoints'),
    remedy: 'Mend the receiver, then enable it: it goes on where it stopped.',
  },
  {
    tone: 'warn',
    count: troubles.failingEndpoints,
    one: 'endpoint is failing',
    many: 'endpoints are failing',
    to: link('/endpoints'),
    remedy: 'Look at the answers of its attempts.',
  },
  {
    tone: 'warn',
    count: troubles.deadDeliveries,
    one: 'delivery is dead',
    many: 'deliveries are dead',
    to: link('/endpoints'),
    remedy: 'When the receiver works again, recover them on the page of its endpoint.',
  },
];

function ToDo({ troubles, counts }: { troubles: Troubles; counts: FleetCounts | undefined }): VNode {
  const items = itemsOf(troubles).filter(({ count }) => count > 0);
  const isNew = counts !== undefined && Object.keys(counts.mailboxes).length === 0;
  return (
    <Panel title="Needs a person now">
      {items.length > 0 && (
        <ul class="todo">
          {items.map(({ tone, count, one, many, to, remedy }) => (
            <li>
              <Pill tone={tone}>{count > MAX_COUNTED ? `over ${number(MAX_COUNTED)}` : number(count)}</Pill>
              <span>
                <a href={to}>{count === 1 ? one : many}</a> <span class="muted">{remedy}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {items.length === 0 && !isNew && (
        <p>
          <Pill tone="good">Nothing</Pill> <span class="muted">Mail flows, and all endpoints take it.</span>
        </p>
      )}
      {isNew && (
        <Empty title="No mailbox is connected yet">
          <a href={link('/mailboxes/connect')}>Connect the first one</a>, and{' '}
          <a href={link('/setup')}>check the setup</a>.
        </Empty>
      )}
    </Panel>
  );
}

const sum = (steps: StatsStep[], what: 'changes' | 'deliveries' | 'failures' | 'units') =>
  steps.reduce((all, step) => all + step[what], 0);

interface PlotsProps {
  steps: StatsStep[];
  counts: FleetCounts | undefined;
  period: Period;
}

function Figures({ steps, counts, period }: PlotsProps): VNode {
  const slowest = Math.max(-1, ...steps.map(({ latencyMs }) => latencyMs.p99 ?? -1));
  const figures: [string, string, string][] = [
    ['Active mailboxes', counts ? compact(counts.mailboxes.active ?? 0) : '…', counts ? '' : 'being counted'],
    ['Changes', compact(sum(steps, 'changes')), ''],
    ['Deliveries', compact(sum(steps, 'deliveries')), ''],
    ['Failed attempts', compact(sum(steps, 'failures')), ''],
    ['Slowest p99', slowest < 0 ? '–' : duration(slowest), ''],
  ];
  return (
    <dl class="figures" aria-label={`Since ${period.begins}`}>
      {figures.map(([name, value, aside]) => (
        <div>
          <dt>{name}</dt>
          <dd>
            {value} {aside && <small>{aside}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Plots({ context, steps, counts, period }: PlotsProps & { context: PageContext }): VNode {
  const at = steps.map((step) => new Date(step.at));
  const ends: [string, string] = [period.begins, 'now'];
  const perMinute = (what: 'changes' | 'deliveries' | 'failures') =>
    steps.map((step) => step[what] / period.minutes);
  const limit = context.get(QuotaSettings).perProject;
  const used = steps.map(({ units }) => units / period.minutes);
  const share = (100 * Math.max(0, ...used)) / limit;
  const traffic = [
    { name: 'Changes', values: perMinute('changes') },
    { name: 'Deliveries', values: perMinute('deliveries') },
    { name: 'Failed attempts', values: perMinute('failures') },
  ];
  const latency = [
    { name: 'p50', values: steps.map(({ latencyMs }) => latencyMs.p50) },
    { name: 'p99', values: steps.map(({ latencyMs }) => latencyMs.p99) },
  ];
  return (
    <div class="columns">
      <Panel title="Changes and deliveries" aside="a minute">
        <Plot title="Changes and deliveries" at={at} ends={ends} series={traffic} />
      </Panel>
      <Panel title="Latency" aside="from append to success">
        <Plot title="Latency" at={at} ends={ends} series={latency} format={duration} />
      </Panel>
      <Panel
        title="Quota used"
        aside={`units a minute, at most ${share.toFixed(share < 1 ? 2 : 0)} % of ${compact(limit)}`}
      >
        <Plot title="Quota used" at={at} ends={ends} series={[{ name: 'Units', values: used }]} />
      </Panel>
      <Panel title="Watch expiries ahead" aside="watches a day; each is renewed before">
        {counts ? (
          <Expiries expiries={counts.expiries} />
        ) : (
          <p class="muted">They are being counted. Reload in a moment.</p>
        )}
      </Panel>
    </div>
  );
}

function Expiries({ expiries }: { expiries: number[] }): VNode {
  const at = expiries.map((_, day) => `${day} to ${day + 1} d`);
  const series = [{ name: 'Watches', values: expiries }];
  return (
    <Plot
      title="Watch expiries ahead"
      at={at}
      ends={['now', `in ${expiries.length} d`]}
      series={series}
      shape="bars"
    />
  );
}
