/** A line of the log, as pino writes it. */
export interface LogLine {
  level: number;
  msg: string;
  notificationId?: string;
  notificationIds?: string[];
  [field: string]: unknown;
}

export function logLines(lines: readonly string[]): LogLine[] {
  return lines.map((line) => JSON.parse(line) as LogLine);
}
