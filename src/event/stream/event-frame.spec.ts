import type { InboxwireEvent } from '../event.types';
import { eventFrame, eventIn } from './event-frame';

describe('the frame of an event', () => {
  it('has its data on one line, whatever readers take for the end of one', () => {
    const event = {
      id: 'evt_01h455vb4pex5vsknk084sn02q',
      data: { message: { snippet: 'a\u2028b\u2029c\u0085d\ne\rf\u000bg\u000ch\u001ci' } },
    } as unknown as InboxwireEvent;
    const frame = eventFrame(event);
    const ends = ['\r', '\u000b', '\u000c', '\u001c', '\u0085', '\u2028', '\u2029'];
    expect(ends.filter((end) => frame.toString().includes(end))).toEqual([]);
    expect(frame.toString().split('\n')).toHaveLength(4);
    expect(eventIn(frame)).toEqual(event);
  });
});
