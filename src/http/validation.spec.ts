import { IsArray, IsObject, IsOptional } from 'class-validator';
import type { ValidationFailedError } from './http.errors';
import {
  IsOptionalOrNull,
  IsPlainText,
  IsWithoutRepetitions,
  MAX_EXPLAINED,
  validationPipe,
} from './validation';

class Body {
  @IsOptional()
  @IsObject()
  filter?: object;

  @IsOptional()
  @IsArray()
  @IsWithoutRepetitions()
  labelIds?: unknown[];

  @IsOptionalOrNull()
  @IsPlainText(10)
  name?: string;
}

/** What is wrong with a body, as it comes in; nothing when it is taken. */
async function faultsOf(json: string): Promise<ValidationFailedError['errors']> {
  try {
    await validationPipe.transform(JSON.parse(json), { type: 'body', metatype: Body });
    return [];
  } catch (error) {
    return (error as ValidationFailedError).errors;
  }
}

describe('the check of bodies', () => {
  it('treats null as left out where that is allowed, and passes it on as left out', async () => {
    const body = await validationPipe.transform({ name: null }, { type: 'body', metatype: Body });
    expect((body as Body).name).toBeUndefined();
    expect(await faultsOf('{"name": 7}')).toMatchObject([{ path: 'name' }]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses %s and does not leave it out', async (key) => {
    expect(await faultsOf(`{"${key}": {"filter": {}}}`)).toMatchObject([{ path: key }]);
    expect(await faultsOf(`{"filter": {"data": {"${key}": 1}}}`)).toMatchObject([
      { path: `filter.data.${key}` },
    ]);
  });

  it('refuses NUL in values and in names', async () => {
    expect(await faultsOf('{"filter": {"a": "\\u0000"}}')).toMatchObject([{ path: 'filter.a' }]);
    expect(await faultsOf('{"filter": {"a\\u0000": 1}}')).toMatchObject([{ path: 'filter.a\0' }]);
  });

  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));

  it('explains some of very many faults', async () => {
    expect(await faultsOf(JSON.stringify(many(900)))).toHaveLength(MAX_EXPLAINED);
  });

  it('looks at no field of an object that has very many', async () => {
    const message = 'must not have more than 1000 fields';
    expect(await faultsOf(JSON.stringify(many(60_000)))).toEqual([{ path: '', message }]);
    expect(await faultsOf(JSON.stringify({ filter: many(60_000) }))).toEqual([{ path: 'filter', message }]);
  });

  it('refuses repetitions in a list, however long it is', async () => {
    const long = Array.from({ length: 200_000 }, (_, n) => n);
    expect(await faultsOf(JSON.stringify({ labelIds: long }))).toEqual([]);
    expect(await faultsOf(JSON.stringify({ labelIds: [...long, 7] }))).toMatchObject([{ path: 'labelIds' }]);
  });
});
