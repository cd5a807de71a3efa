import type { DoctorContext } from './doctor-context';
import { roundTripCheck } from './round-trip.check';

describe('the round trip of doctor', () => {
  afterEach(() => jest.restoreAllMocks());

  it('that brings no push names what else it may be than what failed before it: a renamed account', async () => {
    const body = { watch: null, sync: { lastNotificationAt: null } };
    const answer = () => Promise.resolve({ status: 200, body });
    const context = { faults: [], service: { get: answer, put: answer } } as unknown as DoctorContext;
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 61_000));
    await expect(roundTripCheck('mbx_1').run(context)).resolves.toMatchObject({
      status: 'failed',
      detail: 'No push arrived within 60 s of the renewal of the watch.',
      remedy: expect.stringContaining('another address by now, which POST /v1/mailboxes/mbx_1/sync notices'),
    });
  });
});
