import { base64InJson } from './base64-in-json';

/** The bytes of an answer that comes in pieces of this size. */
async function decode(json: string, size: number, field = 'data'): Promise<Buffer> {
  const pieces = async function* () {
    for (let at = 0; at < json.length; at += size) yield Buffer.from(json.slice(at, at + size));
  };
  const decoded: Buffer[] = [];
  for await (const bytes of base64InJson(pieces(), field)) decoded.push(bytes);
  return Buffer.concat(decoded);
}

describe(base64InJson, () => {
  const bytes = Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 7) % 256));
  const padded = bytes.subarray(0, 298).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

  it.each([1, 2, 3, 5, 64, 10_000])('decodes what comes in pieces of %i characters', async (size) => {
    expect(await decode(`{"size":300,"data":"${bytes.toString('base64url')}"}`, size)).toEqual(bytes);
    const spaced = `{\n  "data" : "${padded}",\n  "attachmentId": "data", "size": 298\n}\n`;
    expect(await decode(spaced, size)).toEqual(bytes.subarray(0, 298));
    const escaped = `{"raw":"${padded.replaceAll('=', '\\u003d')}"}`;
    expect(await decode(escaped, size, 'raw')).toEqual(bytes.subarray(0, 298));
    expect(await decode(`{"data":"${bytes.toString('base64')}"}`, size)).toEqual(bytes);
  });

  it.each(['{"size": 0, "data": ""}', '{"size": 0}', '{}'])('reads %s as no bytes', async (json) => {
    expect(await decode(json, 3)).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['', 'JSON'],
    ['<html>', 'JSON'],
    ['null', 'no base64'],
    ['{"data": 5}', 'no base64'],
    ['{"error": {"code": 503, "message": "Backend Error"}}', 'no base64'],
    ['{"data": "aGVsb', 'too early'],
    ['{"data": "aGVsbG8=', 'too early'],
    ['{"data": "aGVs\\n"}', 'too early'],
    [`{"size": "${'x'.repeat(100_000)}`, 'where it should be'],
  ])('throws for %#, which is cut off or no such answer', async (json, said) => {
    await expect(decode(json, 1_000)).rejects.toThrow(said);
  });
});
