import { ResponseBook, codesOf } from '../../support/openapi/response-book';
import { type Operation, OPERATIONS } from '../../support/openapi/description';
import { type Received, send } from '../../support/openapi/ask';
import { refused, REFUSALS } from '../../support/openapi/refusals';
import { requestOf } from '../../support/openapi/requests';
import { createPopulatedApp, type PopulatedApp } from '../../support/openapi/populated-app';
import { pages, succeeded } from '../../support/openapi/successes';

/** What is described and not asked for here, and why. */
const NOT_ASKED_FOR: [pattern: RegExp, why: string][] = [
  [/ 408\b/, 'needs a connection of 30 s, the same for every path: slow-requests.spec'],
  [/^get(Liveness|Readiness|Metrics) 500\b/, 'there is nothing in them that could go wrong unforeseen'],
];

const FOR_BROWSERS = new Set(['openConnectSession', 'receiveConsent']);

const named = (id: string) => OPERATIONS.find((operation) => operation.id === id)!;
const ableTo = (code: string) => OPERATIONS.filter((operation) => codesOf(operation).includes(code));

describe('the description of the API', () => {
  const book = new ResponseBook();
  let populated: PopulatedApp;
  let busy: Promise<unknown>;
  beforeAll(async () => {
    populated = await createPopulatedApp();
    busy = Promise.all(ableTo('busy').map((operation) => noteRefusal(operation, 'busy')));
    busy.catch(() => undefined);
  });
  afterAll(() => populated?.close());

  const ask = (operation: Operation) => send(populated.app.service.address, requestOf(operation, populated));

  /** Has the operation refuse with the code, and holds the answer against the description. */
  async function noteRefusal(operation: Operation, code: string): Promise<void> {
    noteCode(operation, code, await refused(operation, code, populated));
  }

  function noteCode(operation: Operation, code: string, answer: Received): void {
    expect([operation.id, answer.body]).toEqual([operation.id, expect.objectContaining({ code })]);
    book.note(operation, answer);
  }

  /** Has each operation that needs the database ask for it. */
  async function noteOutage(code: string): Promise<void> {
    for (const operation of ableTo('unavailable')) noteCode(operation, code, await ask(operation));
  }

  const once = OPERATIONS.filter(({ id }) => !FOR_BROWSERS.has(id));

  it.each(once.map((operation) => [operation.id, operation] as const))(
    'says what %s answers when it does what it is asked for',
    async (_, operation) => {
      for (const answer of await succeeded(operation, populated)) {
        expect(answer.status).toBeLessThan(300);
        book.note(operation, answer);
      }
    },
  );

  it('says what owners of mailboxes are shown', async () => {
    for (const [id, answer] of await pages(populated)) book.note(named(id), answer);
  });

  it.each(Object.keys(REFUSALS).filter((code) => code !== 'busy'))(
    'says what is answered with %s, wherever it can be',
    async (code) => {
      expect(ableTo(code)).not.toEqual([]);
      for (const operation of ableTo(code)) await noteRefusal(operation, code);
    },
  );

  it.each([
    'mailbox_not_active',
    'grant_unreadable',
    'google_unavailable',
    'google_refused',
    'insufficient_scope',
  ])('has forgotten no operation of a mailbox that meets %s', async (code) => {
    const reaching = OPERATIONS.filter(({ path }) => path.startsWith('/v1/mailboxes/{id}/'));
    for (const operation of reaching) book.note(operation, await refused(operation, code, populated));
  });

  it('says what is answered while somebody else is at the same thing', () => busy, 30_000);

  it('says what is answered when something unforeseen happens', async () => {
    await populated.app.database.dataSource.query('ALTER SCHEMA public RENAME TO elsewhere');
    await noteOutage('internal_error');
    await populated.app.database.dataSource.query('ALTER SCHEMA elsewhere RENAME TO public');
  });

  it('says what is answered while the database is away', async () => {
    await populated.cable.cut();
    await noteOutage('unavailable');
    book.note(named('getReadiness'), await ask(named('getReadiness')));
    await populated.cable.restore();
  });

  it('says nothing else', () => {
    const missing = book.missing().filter((key) => !NOT_ASKED_FOR.some(([pattern]) => pattern.test(key)));
    expect(missing).toEqual([]);
  });
});
