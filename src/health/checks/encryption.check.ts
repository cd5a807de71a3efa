import { Injectable } from '@nestjs/common';
import { type Finding, ok } from '../../diagnosis/check';
import { ReencryptionService } from '../../encryption/reencryption.service';
import type { ReadinessCheck } from '../readiness-check';

@Injectable()
export class EncryptionReadiness implements ReadinessCheck {
  readonly name = 'encryption';
  readonly question = 'Can all secrets be read, and which keys are still needed?';
  readonly failure = 'degraded';
  readonly needsDatabase = false;

  constructor(private readonly reencryption: ReencryptionService) {}

  async run(): Promise<Finding> {
    const { kind, detail, remedy } = this.reencryption.state;
    if (detail === null) return ok('Everything is under the one key that there is.');
    return { status: kind === 'missing' ? 'warning' : 'ok', detail, remedy };
  }
}
