import { AnswerBook, codesOf, type Operation, OPERATIONS } from '../support/answers/answer-book';
import { send } from '../support/answers/ask';
import { refused, REFUSALS } from '../support/answers/refusals';
import { requestOf } from '../support/answers/requests';
import { setStage, type Stage } from '../support/answers/stage';
import { pages, succeeded } from '../support/answers/successes';

/** What is described and not asked for here, and why. */
const NOT_ASKED_FOR: [pattern: RegExp, why: string][] = [
  [/ 408\b/, 'needs a connection of 30 s, the same for every path: slow-requests.spec'],
  [/^get(Liveness|Readiness|Metrics) 500\b/, 'there is nothing in them that could go wrong unforeseen'],
];

const FOR_BROWSERS = new Set(['openConnectSession', 'receiveConsent']);
const needsDatabase = (operation: Operation) => codesOf(operation).includes('unavailable');

describe('the description of the API', () => {
  const book = new AnswerBook();
  let stage: Stage;
  let busy: Promise<void>;
  beforeAll(async () => {
    stage = await setStage();
    busy = noteAll(
      OPERATIONS.filter((operation) => codesOf(operation).includes('busy')),
      ['busy'],
    );
    busy.catch(() => undefined);
  });
  afterAll(() => stage?.close());

  /** Has each operation refuse with each of the codes, and holds its answers against the description. */
  async function noteAll(operations: Operation[], codes: string[]): Promise<void> {
    await Promise.all(
      operations.map(async (operation) => {
        for (const code of codes) {
          const answer = await refused(operation, code, stage);
          expect([operation.id, answer.body]).toEqual([operation.id, expect.objectContaining({ code })]);
          book.note(operation, answer);
        }
      }),
    );
  }

  /** Has each operation that needs the database ask for it. */
  async function noteOutage(code: string): Promise<void> {
    for (const operation of OPERATIONS.filter(needsDatabase)) {
      const answer = await send(stage.world.service.address, requestOf(operation, stage));
      expect([operation.id, answer.body]).toEqual([operation.id, expect.objectContaining({ code })]);
      book.note(operation, answer);
    }
  }

  const once = OPERATIONS.filter(({ id }) => !FOR_BROWSERS.has(id));

  it.each(once.map((operation) => [operation.id, operation] as const))(
    'says what %s answers when it does what it is asked for',
    async (_, operation) => {
      for (const answer of await succeeded(operation, stage)) {
        expect(answer.status).toBeLessThan(300);
        book.note(operation, answer);
      }
    },
  );

  it('says what owners of mailboxes are shown', async () => {
    for (const [id, answer] of await pages(stage))
      book.note(
        OPERATIONS.find((operation) => operation.id === id)!,
        answer,
      );
  });

  it.each(Object.keys(REFUSALS).filter((code) => code !== 'busy'))(
    'says what is answered with %s, wherever it can be',
    async (code) => {
      const able = OPERATIONS.filter((operation) => codesOf(operation).includes(code));
      expect(able).not.toEqual([]);
      for (const operation of able) await noteAll([operation], [code]);
    },
  );

  it('says what is answered while somebody else is at the same thing', () => busy, 30_000);

  it('says what is answered when something unforeseen happens', async () => {
    await stage.world.database.dataSource.query('ALTER SCHEMA public RENAME TO elsewhere');
    await noteOutage('internal_error');
    await stage.world.database.dataSource.query('ALTER SCHEMA elsewhere RENAME TO public');
  });

  it('says what is answered while the database is away', async () => {
    await stage.cable.cut();
    await noteOutage('unavailable');
    const readiness = OPERATIONS.find(({ id }) => id === 'getReadiness')!;
    book.note(readiness, await send(stage.world.service.address, requestOf(readiness, stage)));
    await stage.cable.restore();
  });

  it('says nothing else', () => {
    const missing = book.missing().filter((key) => !NOT_ASKED_FOR.some(([pattern]) => pattern.test(key)));
    expect(missing).toEqual([]);
  });
});
