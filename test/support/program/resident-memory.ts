import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The resident memory of a process in bytes. */
export async function residentMemory(pid: number): Promise<number> {
  const file = `/proc/${pid}/status`;
  if (existsSync(file)) return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))![1]) * 1_024;
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1_024;
}

/** Whether the kernel keeps the peak of a process's memory: a look from outside now and then misses it. */
export const KNOWS_PEAKS = existsSync('/proc/self/clear_refs');

/** Forgets the peak so far. */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The most memory in bytes that was resident since the reset. */
export function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1_024;
}
