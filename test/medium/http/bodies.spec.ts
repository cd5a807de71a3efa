import { gzipSync } from 'node:zlib';
import { startReplicaTest } from '../../support/replica-test';
import { API_KEY } from '../../support/test-replica';

describe('the body of a request', () => {
  const test = startReplicaTest();

  /** @returns the status, and the description of the endpoint or what is wrong with the request */
  const create = async (body: Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${test.replica.address}/v1/endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
    });
    const { description, detail } = (await response.json()) as { description?: string; detail?: string };
    return [response.status, description ?? detail];
  };
  const json = (description: string) => JSON.stringify({ url: 'http://127.0.0.1:9/', description });

  it('may begin with a byte order mark, as programs of Windows write it', async () => {
    expect(await create(Buffer.from(`\uFEFF${json('café')}`))).toEqual([201, 'café']);
  });

  it('is refused in another encoding than UTF-8, and no letter is lost', async () => {
    const refused = [400, expect.stringContaining('not UTF-8')];
    expect(await create(Buffer.from(json('café'), 'latin1'))).toEqual(refused);
    const charset = { 'content-type': 'application/json; charset=iso-8859-1' };
    expect(await create(Buffer.from(json('café'), 'latin1'), charset)).toEqual(refused);
  });

  it('is refused when it is compressed, with the header that says so', async () => {
    const refused = [415, expect.stringContaining('Content-Encoding')];
    expect(await create(gzipSync(json('a')), { 'content-encoding': 'gzip' })).toEqual(refused);
    expect(await create(Buffer.from(json('a')), { 'content-encoding': 'identity' })).toEqual([201, 'a']);
  });
});
