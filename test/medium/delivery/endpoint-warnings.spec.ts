import type { EndpointWithSecret } from '../../support/api-types';
import { startDeliveryTest } from '../../support/delivery/delivery-test';

describe('warnings of an endpoint', () => {
  const test = startDeliveryTest();
  let { replica } = test;
  beforeEach(() => void ({ replica } = test));

  const create = (url: string) => replica.endpoint(url);
  const codes = ({ warnings }: Pick<EndpointWithSecret, 'warnings'>) => warnings.map(({ code }) => code);

  it('are none when there is nothing to say, and are in no other answer', async () => {
    const endpoint = await create('https://app.example.com/hook');
    expect(endpoint.warnings).toEqual([]);
    const { body } = await replica.api('PATCH', `/v1/endpoints/${endpoint.id}`, { description: 'CRM' });
    expect(body.warnings).toEqual([]);
    expect((await replica.api('GET', `/v1/endpoints/${endpoint.id}`)).body).not.toHaveProperty('warnings');
    expect((await replica.api('GET', '/v1/endpoints')).body.data[0]).not.toHaveProperty('warnings');
  });

  it.each([
    ['https://app.example.com/hook', 'https://app.example.com/hook'],
    ['https://app.example.com', 'https://APP.example.com:443/'],
    ['https://app.example.com:443/hook?a=1', 'https://app.example.com/hook?a=1'],
    ['https://app.example.com/hook#x', 'https://app.example.com/hook'],
    ['https://app.example.com/hook', 'https://APP.example.com./hook'],
  ])('name the endpoint that has the same URL already: %s, %s', async (first, second) => {
    const { id } = await create(first);
    const twin = await create(second);
    expect(twin.warnings).toEqual([
      { code: 'duplicate_url', message: expect.stringContaining(`The endpoint ${id} has the same URL`) },
    ]);
    const { body } = await replica.api('POST', `/v1/endpoints/${twin.id}/rotate-secret`);
    expect(codes(body)).toEqual(['duplicate_url']);
    const moved = await replica.api('PATCH', `/v1/endpoints/${twin.id}`, { url: `${second}/other` });
    expect(moved.body.warnings).toEqual([]);
    const back = await replica.api('PATCH', `/v1/endpoints/${twin.id}`, { url: first });
    expect(codes(back.body)).toEqual(['duplicate_url']);
  });

  it.each([
    ['https://app.example.com/hook', 'https://app.example.com/Hook'],
    ['https://app.example.com/hook', 'https://app.example.com/hook?a=1'],
    ['https://app.example.com/hook', 'https://app.example.com:8443/hook'],
  ])('are none for another URL: %s, %s', async (first, second) => {
    await create(first);
    expect((await create(second)).warnings).toEqual([]);
  });

  it('say that plain http to a public host can be read on the way', async () => {
    const endpoint = await create('http://8.8.8.8/hook');
    expect(endpoint.warnings).toEqual([
      { code: 'plain_http', message: expect.stringContaining('Use https') },
    ]);
    const twin = await create('http://8.8.8.8:80/hook');
    expect(codes(twin)).toEqual(['duplicate_url', 'plain_http']);
    const moved = await replica.api('PATCH', `/v1/endpoints/${twin.id}`, { url: 'https://8.8.8.8/hook' });
    expect(moved.body.warnings).toEqual([]);
  });

  it.each([
    'http://127.0.0.1:9/hook',
    'http://[::1]:9/hook',
    'http://10.0.0.7/hook',
    'http://localhost:9/hook',
    'http://receiver:8080/hook',
    'http://app.internal/hook',
  ])('are none for plain http within one network: %s', async (url) => {
    expect((await create(url)).warnings).toEqual([]);
  });
});
