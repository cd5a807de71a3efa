import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { installationId } from './installation.store';

/** The id of this installation, read once: whoever asks whether the process is up does not wait for the database. */
@Injectable()
export class InstallationService implements OnApplicationBootstrap {
  /** Null while the database has not said it yet. */
  id: string | null = null;
  private reading: Promise<void> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.read();
  }

  /** Asks again, when it is not known yet, without waiting for the answer. */
  current(): string | null {
    if (this.id === null) void this.read();
    return this.id;
  }

  private read(): Promise<void> {
    this.reading ??= installationId(this.dataSource)
      .then((id) => void (this.id = id))
      .catch(() => undefined)
      .finally(() => (this.reading = undefined));
    return this.reading;
  }
}
