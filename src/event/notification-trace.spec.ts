import { traceText, readTrace } from './notification-trace';

describe('the mark of a notification', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is read as it was written, with its age moved to the clock of this process', () => {
    const text = `1790000000000 ${traceText('12345', trace)}`;
    const mark = readTrace(text, 1_790_000_001_500);
    expect(mark).toMatchObject({ messageId: '12345', trace, text });
    expect(performance.now() - mark.receivedAt).toBeGreaterThanOrEqual(1_500);
    expect(performance.now() - mark.receivedAt).toBeLessThan(2_500);
  });

  it('has no trace when there is none', () => {
    expect(readTrace(`1 ${traceText('7', undefined)}`, 1)).toMatchObject({
      messageId: '7',
      trace: undefined,
    });
  });

  it.each([undefined, '', 'two words', 'x'.repeat(65)])('takes no id like %p', (id) => {
    expect(traceText(id, undefined)).toBe('-');
  });
});
