// What a person may say of a shared facility on the page.

/**
 * @typedef {object} Field  of a form; its words are `import_field.<name>`
 * @property {string} name
 * @property {boolean} [required]
 * @property {boolean} [long]  several lines
 * @property {string} [type]  of the input: text, unless it says another
 * @property {readonly string[]} [choices]
 * @property {string} [words]  of the choices: `<words>.<choice>`
 * @property {boolean} [partners]  one of the circle's partners, or none
 * @property {readonly Field[]} [rows]  it is a list, each entry of which has these fields
 */

/** @type {readonly Field[]} */
export const FACILITY_FORM = Object.freeze([
  { name: "kind", choices: ["hydrant", "extinguisher", "aed", "hose_box", "assembly_point", "gate", "key", "first_aid", "power_cutoff", "gas_valve"], words: "facility_kind" },
  { name: "name" },
  { name: "name_en" },
  { name: "state", choices: ["in_service", "faulty", "removed"], words: "facility_state" },
  { name: "partner_id", partners: true },
  { name: "where_to_find" },
  { name: "opening_hours" },
  { name: "access_code" },
  { name: "holders", rows: [{ name: "name", required: true }, { name: "phone", type: "tel" }, { name: "hours" }] },
  { name: "inspection_days", type: "number" },
  { name: "inspected_on", type: "date" },
  { name: "note", long: true },
]);
