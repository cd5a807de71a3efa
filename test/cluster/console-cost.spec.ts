import { existsSync } from 'node:fs';
import { cpuOf } from '../bench/pipeline/cpu-time';
import { residentMemory } from '../support/program/resident-memory';
import { TestCluster } from '../support/program/test-cluster';

const MB = 1024 * 1024;
const STARTS = 5;

/** Where there is no /proc, nobody says what CPU time another process has used. */
const itWithProc = existsSync('/proc/self/stat') ? it : it.skip;

/** What a process has used once it is ready. */
interface Cost {
  /** CPU time, in milliseconds: unlike the time until it is ready, it hardly depends on what else the machine does. */
  cpu: number;
  /** Bytes that are resident. */
  memory: number;
}

describe('the console', () => {
  let cluster: TestCluster;
  beforeAll(async () => void (cluster = await TestCluster.create()));
  afterAll(() => cluster?.close());

  const start = async (isOn: boolean): Promise<Cost> => {
    const { program } = await cluster.start({ CONSOLE: String(isOn) });
    const cost = { cpu: cpuOf(program.pid), memory: await residentMemory(program.pid) };
    await program.signal('SIGTERM');
    return cost;
  };
  const least = (costs: readonly Cost[], of: keyof Cost) => Math.min(...costs.map((cost) => cost[of]));

  itWithProc('costs a start less than 100 ms of CPU and 20 MB (skipped without /proc)', async () => {
    const [on, off]: [Cost[], Cost[]] = [[], []];
    for (let n = 0; n < STARTS; n++) {
      // Side by side, so that what else the machine does is the same for both.
      const [one, other] = await Promise.all([start(true), start(false)]);
      on.push(one);
      off.push(other);
    }
    expect(least(on, 'cpu') - least(off, 'cpu')).toBeLessThan(100);
    expect((least(on, 'memory') - least(off, 'memory')) / MB).toBeLessThan(20);
  });
});
