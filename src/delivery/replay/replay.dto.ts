import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsRFC3339, Matches } from 'class-validator';
import { MayBeLeftOut } from '../endpoint/may-be-left-out';
import type { ReplayRequest } from './replay.service';

export class ReplayDto implements ReplayRequest {
  @ApiPropertyOptional({
    example: 'evt_01h455vb4pex5vsknk084sn02q',
    description: 'An event id: what was appended after it is delivered. Either this or `since`',
  })
  @MayBeLeftOut()
  @Matches(/^evt_\w{1,64}$/, { message: 'must be an event id, such as evt_01h455vb4pex5vsknk084sn02q' })
  after?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'What was appended at that time or later is delivered',
  })
  @MayBeLeftOut()
  @IsRFC3339()
  since?: string;
}
