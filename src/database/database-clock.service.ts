import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { databaseTime } from './session.store';

/** How long a reading serves, in milliseconds. Clocks drift by less than a tenth of a second meanwhile. */
const MAX_AGE_MS = 300_000;

/** So far may our own clock move against the time that has passed: more, and it was set, or the machine was suspended. */
const MAX_STEP_MS = 1_000;

interface Reading {
  /** By the database's clock, in milliseconds since the epoch. */
  time: number;
  /** By our own clock, which may be wrong. */
  ownTime: number;
  /** On the scale of `performance.now()`. */
  at: number;
}

/**
 * The time by the database's clock, which is the same for all replicas: for what others read and compare with their own
 * clocks. It is asked for every few minutes, and what has passed since is added.
 */
@Injectable()
export class DatabaseClock implements OnModuleInit {
  private reading: Reading | undefined;
  private underWay: Promise<void> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /** Before there is work, which it would keep waiting. */
  async onModuleInit(): Promise<void> {
    await this.now();
  }

  /** Never fails: while the database is away the last reading serves, or else our own clock. */
  async now(): Promise<Date> {
    if (!this.isFresh()) await (this.underWay ??= this.read().finally(() => (this.underWay = undefined)));
    const { time, at } = this.reading ?? ownReading();
    return new Date(time + performance.now() - at);
  }

  private isFresh(): boolean {
    if (!this.reading) return false;
    const { at, ownTime } = this.reading;
    const age = performance.now() - at;
    return age < MAX_AGE_MS && Math.abs(Date.now() - ownTime - age) < MAX_STEP_MS;
  }

  private async read(): Promise<void> {
    const { ownTime, at } = ownReading();
    try {
      const time = await databaseTime(this.dataSource);
      // It was read somewhere between the question and its answer.
      this.reading = { time: time - (performance.now() - at) / 2, ownTime, at };
    } catch {
      // Whoever needs the database for more will say so.
    }
  }
}

function ownReading(): Reading {
  return { time: Date.now(), ownTime: Date.now(), at: performance.now() };
}
