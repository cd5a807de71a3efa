import { MessageCache } from './message-cache';

interface Message {
  id: string;
  snippet: string;
  content: null;
}

describe(MessageCache.name, () => {
  let now: number;
  let cache: MessageCache<Message>;
  beforeEach(() => {
    now = 0;
    cache = new MessageCache(() => now);
  });
  const message = (id: string, snippet = ''): Message => ({ id, snippet, content: null });
  const keep = (mailboxId: string, ...messages: Message[]) =>
    cache.keep(mailboxId, new Map(messages.map((one) => [one.id, one])));
  const taken = (mailboxId: string, ...ids: string[]) => [...cache.take(mailboxId, ids).keys()];

  it('gives what was kept for this mailbox, once', () => {
    keep('mbx_1', message('a'), message('b'));
    expect(taken('mbx_2', 'a')).toEqual([]);
    expect(taken('mbx_1', 'a', 'c')).toEqual(['a']);
    expect(taken('mbx_1', 'a', 'b')).toEqual(['b']);
  });

  it('keeps nothing of messages that are gone', () => {
    cache.keep('mbx_1', new Map([['a', undefined]]));
    expect(taken('mbx_1', 'a')).toEqual([]);
  });

  it('forgets after two minutes', () => {
    keep('mbx_1', message('a'));
    now = 120_000;
    expect(taken('mbx_1', 'a')).toEqual([]);
  });

  it('keeps them for as long as Google wants to be left alone, and two minutes more, up to an hour', () => {
    const one = new Map([['a', message('a')]]);
    cache.keep('mbx_1', one, 300_000);
    cache.keep('mbx_2', one, 24 * 3_600_000);
    cache.keep('mbx_3', one, -1_000);
    now = 119_999;
    expect(taken('mbx_3', 'a')).toEqual(['a']);
    now = 419_999;
    expect(taken('mbx_1', 'a')).toEqual(['a']);
    now = 3_720_000;
    expect(taken('mbx_2', 'a')).toEqual([]);
  });

  it('forgets the oldest when it is full', () => {
    const large = 'x'.repeat(6 * 1024 * 1024);
    keep('mbx_1', message('a', large));
    keep('mbx_2', message('b', large));
    keep('mbx_3', message('c', large));
    expect([taken('mbx_1', 'a'), taken('mbx_2', 'b'), taken('mbx_3', 'c')]).toEqual([[], ['b'], ['c']]);
  });
});
