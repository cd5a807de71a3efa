import { once } from 'node:events';
import {
  connect,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
  type Socket,
} from 'node:net';
import { giveAddressesTime } from '../../../src/common/address-attempts';
import { BusyReceiver } from '../../support/delivery/busy-receiver';

const ADDRESSES = [
  { address: '127.0.0.1', family: 4 },
  { address: '100::1', family: 6 },
];

describe(giveAddressesTime.name, () => {
  const before = getDefaultAutoSelectFamilyAttemptTimeout();
  let server: BusyReceiver;
  let socket: Socket;
  beforeEach(async () => void (server = await BusyReceiver.start()));
  afterEach(async () => {
    setDefaultAutoSelectFamilyAttemptTimeout(before);
    socket.destroy();
    await server.stop();
  });

  it('reaches a server that takes a second to connect, and whose other address is no good', async () => {
    giveAddressesTime();
    socket = connect({
      ...{ host: 'google.example', port: server.port },
      lookup: (_name, _options, answer) => setImmediate(answer, null, ADDRESSES),
    });
    const connected = once(socket, 'connect');
    await once(socket, 'connectionAttempt');
    server.letGo();
    await connected;
    expect(socket.remoteAddress).toBe('127.0.0.1');
  });
});
