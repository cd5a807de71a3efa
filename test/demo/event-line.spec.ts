import { stripVTControlCharacters } from 'node:util';
import { eventLine } from './event-line';

describe(eventLine, () => {
  it.each(['endpoint.test', 'endpoint.disabled'])('has a line for %s, which is of no mailbox', (type) => {
    const event = { id: 'evt_1', type, sequence: null, mailbox: null, data: {} };
    const verdict = { latencyMs: undefined, doubled: false, outOfOrder: false };
    const line = stripVTControlCharacters(eventLine({ event, verdict }, new Map()));
    expect(line).toMatch(new RegExp(`^[\\d:]+ +${type} +✔ signature$`));
  });
});
