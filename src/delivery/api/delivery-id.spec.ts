import { newId } from '../../common/id';
import { deliveryId, readDeliveryId } from './delivery-id';

describe(deliveryId, () => {
  it('names an endpoint and an event, and is read back', () => {
    const key = { endpointId: newId('end'), eventId: newId('evt') };
    expect(readDeliveryId(deliveryId(key))).toEqual(key);
    expect(deliveryId(key)).not.toBe(deliveryId({ ...key, endpointId: newId('end') }));
  });

  it.each(['', 'dlv_', 'dlv_01h455vb4pex5vsknk084sn02q', `evt_${'0'.repeat(52)}`, `dlv_${'-'.repeat(52)}`])(
    'is not %j',
    (text) => expect(readDeliveryId(text)).toBeUndefined(),
  );
});
