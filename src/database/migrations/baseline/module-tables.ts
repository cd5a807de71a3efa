/** The tables of one module, as SQL. A table belongs to the module whose file makes it. */
export interface ModuleTables {
  create: string;
  drop: string;
}
