import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'LastError', description: 'What went wrong last. It is gone when the same has gone well' })
export class LastErrorDto {
  @ApiProperty({ example: 'topic_permission_denied', description: 'Stable and machine-readable' })
  code!: string;

  @ApiProperty({ description: 'What happened, and what to do about it' })
  message!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}
