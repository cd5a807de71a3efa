import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second (USER_HZ). */
const MS_PER_TICK = 10;

/** The CPU time of a process so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const { utime, stime } = statOf(pid);
  return (utime + stime) * MS_PER_TICK;
}

/** That of a PostgreSQL server, with its processes that run and those that have ended, in milliseconds. */
export function cpuOfPostgres(postmaster: number): number {
  const own = statOf(postmaster);
  const ended = own.cutime + own.cstime;
  const children = processes().filter(({ ppid }) => ppid === postmaster);
  const running = [own, ...children].reduce((sum, { utime, stime }) => sum + utime + stime, 0);
  return (running + ended) * MS_PER_TICK;
}

function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [statOf(Number(pid))];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

/** proc_pid_stat(5): fields 4 and 14 to 17, counted behind the name in brackets, which may hold anything. */
function statOf(pid: number) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [ppid, utime, stime, cutime, cstime] = [
    fields[1]!,
    fields[11]!,
    fields[12]!,
    fields[13]!,
    fields[14]!,
  ];
  return { ppid, utime, stime, cutime, cstime };
}
