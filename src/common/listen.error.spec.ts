import { explainListenError, ListenError } from './listen.error';

const ADDRESS = { host: '127.0.0.1', port: 80, portName: 'PORT' };

describe(explainListenError, () => {
  it.each([
    ['EADDRINUSE', /127\.0\.0\.1:80 already\. Stop it, or set PORT/],
    ['EACCES', /port 80\. Set PORT to one from 1024/],
    ['EADDRNOTAVAIL', /HOST=127\.0\.0\.1 is no address of this machine/],
    ['ENOTFOUND', /HOST=127\.0\.0\.1 is no address of this machine/],
  ])('names the remedy of %s', (code, message) => {
    const explained = explainListenError(Object.assign(new Error('listen'), { code }), ADDRESS);
    expect(explained).toBeInstanceOf(ListenError);
    expect((explained as Error).message).toMatch(message);
  });

  it.each(['EADDRINUSE', 'EACCES'])('names the option of a command that was given the port: %s', (code) => {
    const error = Object.assign(new Error('listen'), { code });
    const explained = explainListenError(error, { ...ADDRESS, portName: '--port' });
    expect((explained as Error).message).toMatch(/[Ss]et --port to /);
  });

  it('leaves any other error as it is', () => {
    const error = new Error('no');
    expect(explainListenError(error, ADDRESS)).toBe(error);
  });
});
