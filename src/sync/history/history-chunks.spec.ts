import { singleRecords } from './history-chunks';

describe(singleRecords.name, () => {
  it('keeps records with the same id together', () => {
    const records = ['1', '2', '2', '3'].map((id) => ({ id }));
    expect(singleRecords(records).map((single) => single.length)).toEqual([1, 2, 1]);
  });
});
