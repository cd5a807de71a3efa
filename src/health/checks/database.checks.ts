import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Check } from '../../diagnosis/check';
import { MIGRATIONS_CHECK, WRITES_CHECK } from '../../diagnosis/checks/database.check';
import type { ReadinessCheck } from '../readiness-check';

/** A check that `doctor` makes too, on the connections of the service. */
function sharedCheck(
  { name, question, run }: typeof WRITES_CHECK,
  needsDatabase: boolean,
): new (dataSource: DataSource) => ReadinessCheck {
  @Injectable()
  class SharedCheck implements ReadinessCheck {
    readonly name = name;
    readonly question = question;
    readonly failure = 'down';
    readonly needsDatabase = needsDatabase;

    constructor(private readonly dataSource: DataSource) {}

    run: Check<void>['run'] = () => run({ database: { dataSource: this.dataSource } });
  }
  return SharedCheck;
}

export const DatabaseReadiness = sharedCheck(WRITES_CHECK, false);
export const MigrationsReadiness = sharedCheck(MIGRATIONS_CHECK, true);
