import { messageIdOf, messageNumber } from './message-number';

describe('the number of a message', () => {
  it.each(['193069c43a8c3b7c', 'ffffffffffffffff', '8000000000000000', '0', '1'])('keeps %s', (id) => {
    expect(messageIdOf(messageNumber(id)!)).toBe(id);
  });

  it.each(['', 'r-123', '00ff', 'FF', '1ffffffffffffffff'])('is none for %j', (id) => {
    expect(messageNumber(id)).toBeUndefined();
  });
});
