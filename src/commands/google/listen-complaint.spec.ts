import { listenComplaint } from './listen-complaint';

describe(listenComplaint, () => {
  it.each([
    ['EADDRINUSE', /^Another program listens on 127\.0\.0\.1:80 already\. .*--port\.$/],
    ['EACCES', /^This process may not listen on port 80\. .*--port from 1024 on\.$/],
  ])('says what to do about %s', (code, sentence) => {
    expect(listenComplaint(Object.assign(new Error(), { code }), 80)).toMatch(sentence);
  });

  it('leaves what is no matter of the port', () => {
    expect(listenComplaint(new Error('out of memory'), 80)).toBeUndefined();
  });
});
