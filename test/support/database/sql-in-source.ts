import { globSync, readFileSync } from 'node:fs';
import * as ts from 'typescript';

/** The table of each module: the module whose file in the baseline makes it owns it. */
export function ownersOfTables(): Map<string, string> {
  const owners = new Map<string, string>();
  for (const path of globSync('src/database/migrations/baseline/*.tables.ts'))
    for (const [, table] of readFileSync(path, 'utf8').matchAll(/CREATE TABLE (\w+)/g))
      owners.set(table!, path.replace(/^.*\/|\.tables\.ts$/g, ''));
  return owners;
}

export interface SqlOfFile {
  path: string;
  /** String literals that are SQL, or part of a statement; what is inserted into a template is `?`. */
  statements: string[];
  /** How often `.query(` is called. */
  queryCalls: number;
}

/** What the files of the service say to the database, but for the migrations. */
export function sqlOfService(tables: readonly string[]): SqlOfFile[] {
  return globSync('src/**/*.ts')
    .filter((path) => !/\.spec\.ts$|^src\/client\/|^src\/database\/migrations\//.test(path))
    .sort()
    .map((path) => sqlOfFile(path, readFileSync(path, 'utf8'), tables));
}

export function sqlOfFile(path: string, text: string, tables: readonly string[]): SqlOfFile {
  const found: SqlOfFile = { path, statements: [], queryCalls: 0 };
  const visit = (node: ts.Node): void => {
    const literal = textOf(node);
    if (literal !== undefined && isSql(literal, tables)) found.statements.push(literal);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
      if (node.expression.name.text === 'query') found.queryCalls++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('?');
}

/** A statement by its first words, or part of one by a table behind a keyword. Keywords are written in capitals. */
function isSql(text: string, tables: readonly string[]): boolean {
  const statement =
    /^\s*(SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM|LISTEN|NOTIFY|BEGIN|SET|LOCK|CREATE|ALTER|DROP|TRUNCATE|COPY|VACUUM)\b/;
  const part = new RegExp(`\\b(FROM|JOIN|INTO|UPDATE|USING)\\s+(${tables.join('|')})\\b`);
  return statement.test(text) || part.test(text);
}

/** The tables that a text of SQL names. */
export function tablesIn(statement: string, tables: readonly string[]): string[] {
  const words = new Set(statement.match(/\w+/g));
  return tables.filter((table) => words.has(table));
}
