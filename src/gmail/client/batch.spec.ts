import { decodeBatch, encodeBatch } from './batch';

const part = (id: number, status: number, body: unknown) =>
  `--b_1\r\nContent-Type: application/http\r\nContent-ID: <response-item-${id}>\r\n\r\n` +
  `HTTP/1.1 ${status} OK\r\nContent-Type: application/json; charset=UTF-8\r\nRetry-After: 7\r\n\r\n${JSON.stringify(body)}\r\n`;

describe(encodeBatch, () => {
  it('writes a GET for each path, named by its place', () => {
    const text = encodeBatch('x', ['/a', '/b?c=d']);
    expect(text.match(/^GET .*$/gm)).toEqual(['GET /a HTTP/1.1', 'GET /b?c=d HTTP/1.1']);
    expect(text.match(/Content-ID: <item-\d>/g)).toEqual(['Content-ID: <item-0>', 'Content-ID: <item-1>']);
    expect(text.endsWith('--x--\r\n')).toBe(true);
  });
});

describe(decodeBatch, () => {
  it('puts the answers into the order of the requests', () => {
    const text = `${part(1, 404, { error: {} })}${part(0, 200, { id: 'a' })}--b_1--\r\n`;
    expect(decodeBatch('multipart/mixed; boundary=b_1', text, 2)).toEqual([
      { status: 200, retryAfter: '7', body: { id: 'a' } },
      { status: 404, retryAfter: '7', body: { error: {} } },
    ]);
  });

  it('leaves out what was not answered or cannot be read', () => {
    const text = `${part(0, 200, { id: 'a' })}--b_1\r\nContent-ID: <response-item-1>\r\n\r\nnonsense\r\n--b_1--`;
    expect(decodeBatch('multipart/mixed; boundary="b_1"', text, 3).map((answer) => answer?.status)).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(decodeBatch('text/html', '<html>', 1)).toEqual([undefined]);
  });

  it('leaves out the part at which an answer was cut off', () => {
    const text = `${part(0, 200, { id: 'a' })}${part(1, 200, { id: 'b' })}--b_1--\r\n`;
    const answered = (length: number) =>
      decodeBatch('multipart/mixed; boundary=b_1', text.slice(0, length), 2, true).map(
        (answer) => answer?.body,
      );
    const whole = { first: text.indexOf('--b_1', 1) + 5, both: text.indexOf('--b_1--') + 5 };
    expect(answered(whole.first - 1)).toEqual([undefined, undefined]);
    expect(answered(whole.first)).toEqual([{ id: 'a' }, undefined]);
    expect(answered(whole.both - 1)).toEqual([{ id: 'a' }, undefined]);
    expect(answered(whole.both)).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('accepts bare line feeds', () => {
    const text = `${part(0, 200, { id: 'a' })}--b_1--`.replaceAll('\r\n', '\n');
    expect(decodeBatch('multipart/mixed; boundary=b_1', text, 1)[0]?.body).toEqual({ id: 'a' });
  });
});
