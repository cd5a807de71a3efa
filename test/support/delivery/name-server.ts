import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ipaddr from 'ipaddr.js';
import { SYSTEM_FILES } from '../../../src/delivery/egress/system-names';

const A = 1;
const AAAA = 28;
const NXDOMAIN = 3;

/** What it answers for a name: addresses, an error code of DNS, or nothing at all. */
type Record = string[] | number | 'silence';

/** A name server over UDP, in the place of the system's: https://www.rfc-editor.org/rfc/rfc1035#section-4.1 */
export class NameServer {
  /** Names that are not here do not exist. */
  readonly records: { [name: string]: Record } = {};
  /** Families of which it never answers anything. */
  readonly silentTypes = new Set<number>();
  readonly questions: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly folder: string,
    private readonly system: typeof SYSTEM_FILES,
  ) {}

  /** @param config more lines of resolv.conf */
  static async start(config = '', hosts = ''): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const folder = await mkdtemp(join(tmpdir(), 'names-'));
    const server = new NameServer(socket, folder, { ...SYSTEM_FILES });
    Object.assign(SYSTEM_FILES, {
      hosts: join(folder, 'hosts'),
      resolverConfig: join(folder, 'resolv.conf'),
    });
    await writeFile(SYSTEM_FILES.hosts, hosts);
    await writeFile(
      SYSTEM_FILES.resolverConfig,
      `nameserver 127.0.0.1:${socket.address().port}\n${config}\n`,
    );
    socket.on('message', (question, from) => {
      const answer = server.answer(question);
      if (answer) socket.send(answer, from.port, from.address);
    });
    return server;
  }

  /** Ends it, and gives the system its own files back. */
  async stop(): Promise<void> {
    Object.assign(SYSTEM_FILES, this.system);
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
    await rm(this.folder, { recursive: true });
  }

  private answer(question: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at]!; length > 0; length = question[at]!) {
      labels.push(question.subarray(at + 1, at + 1 + length).toString());
      at += 1 + length;
    }
    const type = question.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    this.questions.push(name);
    const record = this.records[name] ?? NXDOMAIN;
    if (record === 'silence' || this.silentTypes.has(type)) return undefined;
    const addresses = Array.isArray(record) ? record.map((text) => ipaddr.parse(text).toByteArray()) : [];
    const fitting = addresses.filter(({ length }) => length === (type === A ? 4 : type === AAAA ? 16 : 0));
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (Array.isArray(record) ? 0 : record), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(fitting.length, 6);
    const answers = fitting.map((bytes) => {
      const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
      return Buffer.concat([head, Buffer.from(bytes)]);
    });
    return Buffer.concat([header, question.subarray(12, at + 5), ...answers]);
  }
}
