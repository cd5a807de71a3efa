import { explainListenError, ListenError } from './listen.error';

describe(explainListenError, () => {
  it.each([
    ['EADDRINUSE', /127.0.0.1:3000 already. Stop it, or set PORT/],
    ['EACCES', /port 3000. Set PORT to one from 1024/],
    ['EADDRNOTAVAIL', /HOST=127.0.0.1 is no address of this machine/],
    ['ENOTFOUND', /HOST=127.0.0.1 is no address of this machine/],
  ])('names the remedy of %s', (code, message) => {
    const explained = explainListenError(Object.assign(new Error('listen'), { code }), '127.0.0.1', 3000);
    expect(explained).toBeInstanceOf(ListenError);
    expect((explained as Error).message).toMatch(message);
  });

  it('leaves any other error as it is', () => {
    const error = new Error('no');
    expect(explainListenError(error, '127.0.0.1', 3000)).toBe(error);
  });
});
