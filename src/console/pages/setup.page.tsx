import type { VNode } from 'preact';
import type { CheckResult } from '../../diagnosis/check';
import { Notice, Panel, Pill, PostButton, Time, type Tone } from '../layout/components';
import { link } from '../layout/format';
import type { PageContext, PageResponse } from '../page';
import { SetupChecks, type SetupReport } from '../setup/setup-checks.service';

export async function setupPage(context: PageContext): Promise<PageResponse> {
  const report = await context.get(SetupChecks).read();
  const content = (
    <>
      <div class="head">
        <h1>Setup</h1>
        <PostButton context={context} action="/setup">
          Check again
        </PostButton>
      </div>
      <Report report={report} now={context.now} />
    </>
  );
  return { title: 'Setup', content };
}

export async function checkAgain(context: PageContext): Promise<PageResponse> {
  await context.get(SetupChecks).read(true);
  return { redirect: '/setup' };
}

/** While checks are being made the part is fetched anew; without JavaScript a reload shows the rest. */
function Report({ report, now }: { report: SetupReport; now: Date }): VNode {
  const { results, current, fault, startedAt } = report;
  const refresh = current === null ? {} : { 'data-refresh': link('/setup'), 'data-every': '2' };
  return (
    <div id="report" class="stack" {...refresh}>
      {fault !== null && <Notice tone="bad">The checks could not be made: {fault}</Notice>}
      {current !== null && (
        <Notice tone="calm">
          Being checked: {current} <a href={link('/setup')}>Reload</a>
        </Notice>
      )}
      <Panel
        title="What keeps it from working"
        aside={
          <>
            checked <Time at={startedAt} now={now} />
          </>
        }
      >
        <p class="muted small">
          The checks of <code>npm run doctor</code>, made by this replica with its own settings.
        </p>
        <ul class="todo checks">
          {results.map((result) => (
            <CheckItem result={result} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

const STATUS: Record<CheckResult['status'], [Tone, string]> = {
  ok: ['good', 'OK'],
  warning: ['warn', 'Warning'],
  failed: ['bad', 'Failed'],
  skipped: ['calm', 'Skipped'],
};

function CheckItem({ result: { name, status, detail, remedy } }: { result: CheckResult }): VNode {
  const [tone, word] = STATUS[status];
  return (
    <li>
      <Pill tone={tone}>{word}</Pill>
      <div>
        <h3>{name.replaceAll('_', ' ').replaceAll('-', ' ')}</h3>
        <p>{detail}</p>
        {remedy !== null && <p class="muted">{remedy}</p>}
      </div>
    </li>
  );
}
