import { RowColumns } from './row-columns';

describe(RowColumns, () => {
  const columns = new RowColumns<{ id: string; size: bigint }>({
    id: ['text', ({ id }) => id],
    size: ['bigint', ({ size }) => String(size)],
  });

  it('are a relation by name, and parameters in the same order', () => {
    expect(columns.relation('item', 3)).toBe('unnest((SELECT $3::text[]), $4::bigint[]) AS item (id, size)');
    expect(
      columns.parameters([
        { id: 'a', size: 1n },
        { id: 'b', size: 2n },
      ]),
    ).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(columns.count).toBe(2);
  });
});
