import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';

/** What does not even look like an endpoint id names no endpoint; the database is not asked. */
@Injectable()
export class EndpointIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isId('end', id)) throw new NotFoundError('endpoint', id);
    return id;
  }
}
