import fc from 'fast-check';
import type { Problem } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { fuzz } from '../../support/http/fuzz';
import { ApiRequests } from '../../support/http/fuzz-api';
import { type RawRequest, rawRequest } from '../../support/http/raw-request';
import type { OpenApiDocument } from '../../support/openapi/openapi-document';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const KIND = { mailboxes: 'mbx', endpoints: 'end', events: 'evt', deliveries: 'dlv' } as Record<
  string,
  string
>;
const UNKNOWN = '01h455vb4pex5vsknk084sn02q';

describe('the API, whatever it is asked', () => {
  let app: TestApp;
  let requests: ApiRequests;
  beforeAll(async () => {
    app = await createTestApp();
    const url = `http://127.0.0.1:${await freePort()}/`;
    const [endpoint, deleted] = await Promise.all(
      [1, 2].map(() => app.api.post('/v1/endpoints', { url }, 201)),
    );
    const mailbox = await app.connect('ada@example.com', { externalId: 'ada' });
    const other = await app.connect('bob@example.com');
    const delivery = await eventually(async () => (await app.api.get('/v1/deliveries')).data[0]);
    const event = (await app.api.events())[0];
    const ids = { mbx: mailbox.id, end: endpoint!.id, evt: event!.id, dlv: delivery!.id } as Record<
      string,
      string
    >;
    const deletable: Record<string, string> = { mbx: other.id, end: deleted!.id };
    const text: Record<string, string[]> = {
      ...{ mailboxId: [mailbox.id, `mbx_${UNKNOWN}`], mailboxIds: [mailbox.id], endpointId: [endpoint!.id] },
      ...{
        eventId: [event!.id],
        after: [event!.id, 'evt_x'],
        types: ['message.added', 'message.added,x', ','],
      },
      ...{
        since: [
          '2026-01-01T00:00:00Z',
          '0000-01-01T00:00:00Z',
          '9999-12-31T23:59:60+23:59',
          '2026-02-31T00:00:00Z',
        ],
      },
      ...{
        cursor: [
          '',
          Buffer.from(mailbox.id).toString('base64url'),
          Buffer.from(delivery!.id).toString('base64url'),
        ],
      },
      // Nothing may be sent to anywhere else.
      ...{
        url: [
          url,
          url,
          url,
          'http://[',
          'ftp://127.0.0.1/',
          'javascript:alert(1)',
          `${url}${'x'.repeat(3_000)}`,
        ],
      },
      ...{ redirectUrl: ['https://app.example.com/#a', 'https://\u0130.example/?%', 'http://a@b:99999/'] },
      ...{ emailAddress: ['ada@example.com', 'İ@example.com'], labelIds: ['INBOX', 'STARRED', 'Label_none'] },
    };
    const description = (await (
      await fetch(`${app.service.address}/openapi.json`)
    ).json()) as OpenApiDocument;
    requests = new ApiRequests(
      description,
      (name) => text[name] ?? ['x'],
      (method, path) => {
        const kind = KIND[path.split('/')[2]!] ?? 'cns';
        const known = (method === 'delete' ? deletable : ids)[kind];
        return [`${kind}_${UNKNOWN}`, `${kind}_${'z'.repeat(26)}`, ...(known ? [known, known] : [])];
      },
    );
  });
  afterAll(() => app?.close());

  async function expectResponse(request: RawRequest): Promise<number> {
    const headers = {
      authorization: `Bearer ${API_KEY}`,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
    };
    const {
      status,
      headers: answered,
      text,
    } = await rawRequest(app.service.address, { ...request, headers });
    if (status < 400) return status;
    expect(answered['content-type']).toMatch('application/problem+json');
    const problem = JSON.parse(text) as Problem;
    expect(problem).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(problem).toMatchObject({ type: expect.any(String), requestId: expect.any(String) });
    expect(problem.code).toMatch(/^[a-z_]+$/);
    if (status === 400) expect(problem.errors![0]).toMatchObject({ path: expect.any(String) });
    // Google's own refusal, of labels that there are not, is the one that the contract has.
    if (problem.code !== 'google_refused') expect(status).toBeLessThan(500);
    return status;
  }

  it('answers, and what it refuses it explains', async () => {
    expect(requests.routes.length).toBeGreaterThan(20);
    const seen = new Set<number>();
    const property = fc.asyncProperty(requests.any(), async (request) => {
      seen.add(await expectResponse(request));
    });
    // Until some have come past the checks at the door: on a busy machine few requests are made in the time.
    const wanted = [200, 201, 202, 400, 404];
    for (let round = 0; round < 6 && !wanted.every((status) => seen.has(status)); round += 1)
      await fuzz(property, { numRuns: 2_500, timeMs: 5_000, round });
    expect([...seen]).toEqual(expect.arrayContaining(wanted));
    expect((await app.api.get('/v1/mailboxes')).data).toHaveLength(2);
  }, 60_000);
});
