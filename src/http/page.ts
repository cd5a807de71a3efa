import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { InvalidValueError } from '../common/inboxwire.error';

/** How many a list returns at once. */
export class LimitQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 500,
    default: 50,
    description: 'How many at once',
  })
  @IsOptional()
  @Transform(({ value }) => readDigits(value))
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 50;
}

/** Digits alone make a number here: `Number` reads `1e2`, `0x10` and spaces too. */
function readDigits(value: unknown): number {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
}

/** The query of a list: how many, and where to go on. */
export class PageQuery extends LimitQuery {
  @ApiPropertyOptional({ description: 'The `nextCursor` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** Describes the `nextCursor` of a page. */
export const ApiNextCursor = (): PropertyDecorator =>
  ApiProperty({
    type: String,
    nullable: true,
    description: 'Pass it as `cursor` to get the next page; null when this is the last one',
  });

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** The opaque cursor after a row with this id. */
export function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** @throws InvalidValueError when the text is no cursor */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!/^[a-z]{3}_[0-9a-z]{26}$/.test(id))
    throw new InvalidValueError('cursor', 'must be the nextCursor of an earlier page');
  return id;
}

/** Makes a page of rows that were read with `limit + 1`, to know whether more follow. */
export function toPage<Row extends { id: string }, T>(
  rows: Row[],
  limit: number,
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  return { data: shown.map(show), nextCursor: rows.length > limit ? encodeCursor(shown.at(-1)!.id) : null };
}
