import { differencesOfShape } from './same-shape';

describe(differencesOfShape, () => {
  it.each([
    [{ a: 1, b: [{ c: 'x' }] }, { a: 2, b: [{ c: 'y' }, { c: 'z' }] }, []],
    [{ a: null, b: [] }, { a: { c: 1 }, b: [1] }, []],
    [{ a: 1 }, {}, ['.a: in the example only']],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, ['.a.c: not in the example']],
    [{ a: [{ b: '1' }] }, { a: [{ b: 1 }] }, ['.a[0].b: string in the example, number in truth']],
    [{ a: [] }, { a: {} }, ['.a: list in the example, object in truth']],
    ['x', undefined, ['the whole: string in the example, undefined in truth']],
  ])('finds of %j and %j %j', (example, real, differences) =>
    expect(differencesOfShape(example, real)).toEqual(differences),
  );
});
