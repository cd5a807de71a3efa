import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { IsTime } from '../../http/is-time';
import { EXAMPLE_ID } from '../../http/problem';
import { IsOptionalNotNull } from '../../http/validation';
import type { ReplayRequest } from './replay.service';

@ApiSchema({ name: 'ReplayEventsRequest', description: 'Exactly one of the two' })
export class ReplayDto implements ReplayRequest {
  @ApiPropertyOptional({
    pattern: '^evt_\\w{1,64}$',
    example: EXAMPLE_ID.event,
    description: 'An event id: what was appended after it is delivered. Either this or `since`',
  })
  @IsOptionalNotNull()
  @Matches(/^evt_\w{1,64}$/, { message: 'must be an event id, such as evt_01h455vb4pex5vsknk084sn02q' })
  after?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'What was appended at that time or later is delivered',
  })
  @IsOptionalNotNull()
  @IsTime()
  since?: string;
}
