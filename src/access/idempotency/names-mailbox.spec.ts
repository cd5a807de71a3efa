import { namesMailbox } from './names-mailbox';

const ADA = { id: 'mbx_1', emailAddresses: ['ada@example.com'] };

describe(namesMailbox, () => {
  it.each([
    ['by its id', '{"id":"mbx_1"}'],
    ['by its address', '{"emailAddress":"ada@example.com"}'],
    ['in another letter case', 'connect:Ada@Example.com'],
    ['at the end of a sentence', 'There is no mailbox ada@example.com.'],
  ])('%s', (_name, text) => expect(namesMailbox(text, ADA)).toBe(true));

  it.each([
    ['whose address ends like it', 'not-ada@example.com'],
    ['whose address begins like it', 'ada@example.com.au'],
    ['in a part of it', 'x.ada@example.com, ada@example.community'],
    ['not at all', '{"emailAddress":"bob@example.com"}'],
  ])('not another one %s', (_name, text) => expect(namesMailbox(text, ADA)).toBe(false));
});
