import { applyFieldsMask, parseFieldsMask } from './fields-mask';

const MESSAGE = {
  id: '1',
  snippet: 'hi',
  payload: {
    mimeType: 'multipart/mixed',
    headers: [{ name: 'From', value: 'a' }],
    parts: [
      { partId: '0', filename: '', body: { size: 1, data: 'aA==' } },
      { partId: '1', filename: 'x.pdf', body: { size: 9, attachmentId: 'A' } },
    ],
  },
};

const masked = (mask: string): unknown => applyFieldsMask(MESSAGE, parseFieldsMask(mask, 'Message'));

describe('fields mask', () => {
  it.each([
    ['id', { id: '1' }],
    ['id, snippet', { id: '1', snippet: 'hi' }],
    ['payload/mimeType', { payload: { mimeType: 'multipart/mixed' } }],
    [
      'payload(mimeType,headers/name)',
      { payload: { mimeType: 'multipart/mixed', headers: [{ name: 'From' }] } },
    ],
    [
      'payload/parts(filename,body(size,attachmentId))',
      {
        payload: {
          parts: [
            { filename: '', body: { size: 1 } },
            { filename: 'x.pdf', body: { size: 9, attachmentId: 'A' } },
          ],
        },
      },
    ],
    ['payload/parts/body/size', { payload: { parts: [{ body: { size: 1 } }, { body: { size: 9 } }] } }],
    ['payload/*/name', { payload: { headers: [{ name: 'From' }], parts: [{}, {}] } }],
    [
      'id,payload/mimeType,payload/headers/name',
      { id: '1', payload: { mimeType: 'multipart/mixed', headers: [{ name: 'From' }] } },
    ],
    ['payload/mimeType,payload', { payload: MESSAGE.payload }],
    ['labelIds', {}],
    ['*', MESSAGE],
  ])('%s', (mask, expected) => {
    expect(masked(mask)).toEqual(expected);
  });

  it.each([
    '',
    'id,',
    'payload(',
    'payload(mimeType',
    'id)',
    'nonsense',
    'payload/nonsense',
    'id/below',
    'a b c',
  ])('refuses %j', (mask) => {
    expect(() => parseFieldsMask(mask, 'Message')).toThrow('Invalid field selection');
  });
});
