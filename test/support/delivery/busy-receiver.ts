import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** With two connections that nobody has accepted its queue is full: of others the kernel takes no notice. */
const BACKLOG = 1;
const WAITING = 2;

const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:http').createServer((request, response) => request.resume().on('end', () => response.end()));
  server.listen({ host: '127.0.0.1', port: 0, backlog: ${BACKLOG} }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(workerData, 0, 0);
  });`;

/**
 * A receiver that takes a second or more to accept a connection, as one that is far away or behind a network that loses
 * packets: until it is let go it accepts none, and whoever connects tries again after a second.
 */
export class BusyReceiver {
  private constructor(
    private readonly worker: Worker,
    private readonly gate: Int32Array,
    readonly port: number,
    private readonly waiting: Socket[],
  ) {}

  static async start(): Promise<BusyReceiver> {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(PROGRAM, { eval: true, workerData: gate });
    const [port] = (await once(worker, 'message')) as [number];
    const waiting = Array.from({ length: WAITING }, () => connect(port, '127.0.0.1'));
    await Promise.all(waiting.map((socket) => once(socket, 'connect')));
    return new BusyReceiver(worker, gate, port, waiting);
  }

  letGo(): void {
    Atomics.store(this.gate, 0, 1);
    Atomics.notify(this.gate, 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.waiting) socket.destroy();
    this.letGo();
    await this.worker.terminate();
  }
}
