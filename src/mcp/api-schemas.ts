import { Injectable } from '@nestjs/common';

type Schemas = Record<string, unknown>;

/** The schemas of the API's description, which are known when the whole program is put together, and made when they are first read. */
@Injectable()
export class ApiSchemas {
  private schemas: Schemas | undefined;
  private make: () => Schemas = () => ({});

  /** To be called by whoever puts the program together. */
  madeBy(make: () => Schemas): void {
    this.make = make;
  }

  get all(): Schemas {
    return (this.schemas ??= this.make());
  }
}
