// How the columns of a file are read, and how a person changes it. Pure: each change returns a new mapping.

/**
 * @typedef {import("../../types/page.js").ImportMapping} ImportMapping
 * @typedef {Pick<import("../../types/page.js").ImportPreview, "fields" | "columns">} Table
 */

/** Names of columns in a shapefile end here. */
const SHAPEFILE_LETTERS = 10;

/**
 * The field that a column is read as without being told; as in responder/services/imports/columns.py.
 * @param {string} column
 * @param {readonly string[]} fields
 */
function meantBy(column, fields) {
  const lower = column.trim().toLowerCase();
  if (fields.includes(lower)) return lower;
  const longer = lower.length === SHAPEFILE_LETTERS ? fields.filter((field) => field.startsWith(lower)) : [];
  return longer.length === 1 ? /** @type {string} */ (longer[0]) : "";
}

/**
 * @param {Table} table
 * @param {ImportMapping} mapping
 * @param {string} column
 * @returns {string} the field that it is read as; empty for none
 */
export function fieldOf({ fields }, { columns }, column) {
  const told = Object.keys(columns).find((field) => columns[field] === column);
  if (told) return told;
  const meant = meantBy(column, fields);
  return meant in columns ? "" : meant;
}

/**
 * @param {Table} table
 * @param {ImportMapping} mapping
 * @param {string} field
 * @returns {string | undefined} the column that it is read from
 */
export const columnOf = (table, mapping, field) => table.columns.find((column) => fieldOf(table, mapping, column) === field);

/**
 * @param {Table} table
 * @param {ImportMapping} mapping
 * @param {string} column
 * @param {string} field  empty for none
 * @returns {ImportMapping}
 */
export function readAs(table, mapping, column, field) {
  const before = fieldOf(table, mapping, column);
  const columns = { ...mapping.columns };
  const fixed = without(mapping.fixed, field);
  const values = without(mapping.values, before);
  // Its own name would make it that field again.
  if (before) columns[before] = "";
  if (field) columns[field] = column;
  return { ...mapping, columns, fixed, values };
}

/**
 * @param {ImportMapping} mapping
 * @param {string} field
 * @param {string} value  empty for none
 * @returns {ImportMapping}
 */
export function allAre(mapping, field, value) {
  const fixed = without(mapping.fixed, field);
  return { ...mapping, fixed: value ? { ...fixed, [field]: value } : fixed };
}

/**
 * @param {ImportMapping} mapping
 * @param {string} field
 * @param {string} said
 * @param {string} meaning  empty for as it stands
 * @returns {ImportMapping}
 */
export function means(mapping, field, said, meaning) {
  const rest = without(mapping.values[field] ?? {}, said);
  return { ...mapping, values: { ...mapping.values, [field]: meaning ? { ...rest, [said]: meaning } : rest } };
}

/**
 * @template V
 * @param {Readonly<Record<string, V>>} record
 * @param {string} key
 * @returns {Record<string, V>}
 */
const without = (record, key) => Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));
