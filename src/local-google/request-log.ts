export interface LoggedRequest {
  /** `gmail.users.history.list`, `oauth2.token`, … */
  method: string;
  account: string | null;
  /** By the local Google's clock, epoch ms. */
  at: number;
  /** 0 when the connection was cut. */
  status: number;
  units: number;
  path: string;
  batched: boolean;
}

export interface RequestFilter {
  /** A whole name, or a prefix ending in `.` such as `gmail.`. */
  method?: string;
  account?: string;
  status?: number;
}

const KEPT = 20_000;

/** What was asked of the local Google, newest last, bounded. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly units = new Map<string, number>();

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > 2 * KEPT) this.entries = this.entries.slice(-KEPT);
    if (entry.account !== null) this.units.set(entry.account, this.unitsUsed(entry.account) + entry.units);
  }

  list(filter: RequestFilter = {}): LoggedRequest[] {
    return this.entries.filter((entry) => matches(entry, filter));
  }

  count(filter: RequestFilter = {}): number {
    return this.list(filter).length;
  }

  /** Units charged to a mailbox since the start or the last `clear`. */
  unitsUsed(account: string): number {
    return this.units.get(account.toLowerCase()) ?? 0;
  }

  clear(): void {
    this.entries = [];
    this.units.clear();
  }
}

function matches(entry: LoggedRequest, { method, account, status }: RequestFilter): boolean {
  if (method?.endsWith('.') && !entry.method.startsWith(method)) return false;
  if (method !== undefined && !method.endsWith('.') && entry.method !== method) return false;
  if (status !== undefined && entry.status !== status) return false;
  return account === undefined || entry.account === account.toLowerCase();
}
