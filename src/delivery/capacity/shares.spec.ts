import { EndpointPace } from './endpoint-pace';
import { shareOut } from './shares';

const PLACES = { total: 200, perEndpoint: 50 };

/** What is known of endpoints: quick or slow. */
function paceOf(known: Record<string, 'quick' | 'slow'>): EndpointPace {
  const pace = new EndpointPace();
  jest.spyOn(pace, 'known', 'get').mockReturnValue(Object.keys(known));
  jest.spyOn(pace, 'isSlow').mockImplementation((id) => (known[id] ? known[id] === 'slow' : undefined));
  return pace;
}
const slowOnes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`slow-${n}`, 'slow'] as const));
const placesOf = (shares: ReturnType<typeof shareOut>) =>
  Object.fromEntries(shares.shares.map(({ endpointId, places }) => [endpointId, places]));

describe(shareOut, () => {
  it.each([1, 5, 500])('leaves quick endpoints all of their places when %i others hang', (count) => {
    const known = { ...slowOnes(count), well: 'quick' as const };
    const busy = new Map(Object.keys(slowOnes(count)).map((id) => [id, 40]));
    const shares = shareOut(busy, paceOf(known), PLACES);
    expect(shares.free).toBe(200);
    expect(placesOf(shares)['well']).toBe(50);
  });

  it('divides the places of slow endpoints equally, and no more than there are', () => {
    expect(placesOf(shareOut(new Map([['slow-0', 50]]), paceOf(slowOnes(8)), PLACES))).toMatchObject({
      'slow-0': 0,
      'slow-1': 25,
    });
    const many = shareOut(new Map(), paceOf(slowOnes(300)), PLACES);
    expect(many.shares.reduce((sum, { places }) => sum + places, 0)).toBe(200);
  });

  it('asks for no more rows of an endpoint than can be given', () => {
    const known = { busy: 'quick' as const, well: 'quick' as const };
    const shares = shareOut(new Map([['busy', 198]]), paceOf(known), { total: 200, perEndpoint: 200 });
    expect(placesOf(shares)).toEqual({ busy: 2, well: 2 });
  });

  it('asks for about twice what each is likely to get when many have something due, and for no less than a few', () => {
    const known = { one: 'quick' as const, other: 'quick' as const };
    const placesAmong = (contenders: number) =>
      placesOf(shareOut(new Map([['one', 3]]), paceOf(known), PLACES, contenders));
    expect(placesAmong(0)).toEqual({ one: 47, other: 50 });
    expect(placesAmong(20)).toEqual({ one: 20, other: 20 });
    expect(placesAmong(1_000)).toEqual({ one: 4, other: 4 });
  });

  it('names endpoints in the order of their last attempts', async () => {
    const pace = new EndpointPace();
    for (const id of ['one', 'other', 'one']) await pace.during(id, async () => undefined);
    expect(shareOut(new Map(), pace, PLACES).shares.map(({ endpointId }) => endpointId)).toEqual([
      'other',
      'one',
    ]);
  });

  it('forgets endpoints without an attempt in the last hour: they may be deleted', async () => {
    const now = jest.spyOn(performance, 'now');
    const pace = new EndpointPace();
    for (const [at, id] of [
      [0, 'deleted'],
      [0, 'well'],
      [3_000_000, 'well'],
      [3_700_000, 'new'],
    ] as const) {
      now.mockReturnValue(at);
      await pace.during(id, async () => undefined);
    }
    now.mockRestore();
    expect(pace.known).toEqual(['well', 'new']);
  });

  it('lets an endpoint of which nothing is known begin with few', () => {
    expect(placesOf(shareOut(new Map([['new', 1]]), paceOf({}), PLACES))).toEqual({ new: 3 });
  });
});
