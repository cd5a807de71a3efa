import type { PipeTransform } from '@nestjs/common';
import { NotFoundError } from '../common/inboxwire.error';

/** What cannot be an id of Gmail's names nothing; Google is not asked. Ids are opaque: only their characters are known. */
export class GmailIdPipe implements PipeTransform<string, string> {
  constructor(
    private readonly kind: 'message' | 'attachment',
    private readonly maxLength: number,
  ) {}

  transform(id: string): string {
    if (!/^[\w-]+={0,2}$/.test(id) || id.length > this.maxLength) throw new NotFoundError(this.kind, id);
    return id;
  }
}
