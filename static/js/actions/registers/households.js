// The register of households. Answers stay in the element that asked: neither the model nor the device keeps them.

import { ApiError, get, query, request } from "../../lib/api.js";
import { model } from "../../state/model.js";

/**
 * @typedef {import("../../types/households.js").Household} Household
 * @typedef {import("../../types/households.js").HouseholdData} HouseholdData
 */

/** Reading a file of thousands of rows takes a while. */
const TIMEOUT_MS = 60_000;

const register = () => `/circles/${model.value.circleId}/households`;
const ofBuilding = (/** @type {string} */ id) => `/circles/${model.value.circleId}/buildings/${id}/households`;

/** @returns {Promise<import("../../types/households.js").HouseholdNumbers>} */
export const householdNumbers = () => get(register());

/**
 * The server records each look.
 * @param {string} buildingId
 * @returns {Promise<{ name: string, name_en: string, households: Household[] }>}
 */
export const viewBuilding = (buildingId) => get(ofBuilding(buildingId));

/**
 * In the body, so that a name comes into no address.
 * @param {string} words
 * @returns {Promise<import("../../types/households.js").FoundHouseholds>}
 */
export const searchHouseholds = (words) => request("POST", `${register()}/search`, { body: { words } });

/**
 * @param {string} buildingId
 * @param {HouseholdData} data
 * @param {string} key  the same when it is sent again
 * @returns {Promise<Household>}
 */
export const createHousehold = (buildingId, data, key) => request("POST", ofBuilding(buildingId), { body: data, headers: { "Idempotency-Key": key } });

/**
 * @param {Household} household
 * @param {HouseholdData} data
 * @returns {Promise<Household>}
 */
export const changeHousehold = ({ id, version }, data) => request("PUT", `${register()}/${id}`, { body: { ...data, expected_version: version } });

/** @param {string} id */
export const confirmHousehold = (id) => request("POST", `${register()}/${id}/confirmation`);

/** @param {string} id */
export const withdrawConsent = (id) => request("DELETE", `${register()}/${id}/consent`);

/** @param {string} id */
export const eraseHousehold = (id) => request("DELETE", `${register()}/${id}`);

/** @param {string} id */
export const exportAddress = (id) => `/api${register()}/${id}/export`;

/** @param {string} language */
export const templateAddress = (language) => `/api${register()}/sheet.xlsx${query({ language })}`;

/**
 * @param {number} due_after_months
 * @param {number} delete_after_months
 */
export const setRetention = (due_after_months, delete_after_months) => request("PUT", `${register()}/retention`, { body: { due_after_months, delete_after_months } });

/**
 * @param {File} file
 * @param {string | null} digest  of the preview, to bring it in; without it only told
 * @returns {Promise<import("../../types/households.js").HouseholdSheetOutcome>}
 */
export function sendSheet(file, digest) {
  const body = new FormData();
  body.append("file", file, file.name);
  return request("POST", `${register()}/sheet/import${query(digest === null ? {} : { apply: "true", expected_digest: digest })}`, { body, timeoutMs: TIMEOUT_MS });
}

/**
 * @param {unknown} error
 * @returns {readonly import("../../types/drills.js").SheetMessage[]} what is wrong with a sheet that was refused
 */
export const householdFaultsOf = (error) => (error instanceof ApiError && error.code === "sheet_refused" ? /** @type {any} */ (error.problem["messages"] ?? []) : []);

/**
 * @param {unknown} error
 * @returns {string | null} the field that was refused
 */
export const refusedField = (error) => (error instanceof ApiError && typeof error.problem["field"] === "string" ? error.problem["field"] : null);
