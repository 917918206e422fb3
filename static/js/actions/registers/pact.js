// Ask for the pact, its duties and the roster, and change them.

import { get, query, request } from "../../lib/api.js";

/**
 * @typedef {import("../../types/pact.js").Pact} Pact
 * @typedef {import("../../types/pact.js").PactList} PactList
 * @typedef {import("../../types/pact.js").DutyScore} DutyScore
 * @typedef {import("../../types/pact.js").Roster} Roster
 */

/** @param {string} circle @returns {Promise<PactList>} */
export const listPacts = (circle) => get(`/circles/${circle}/pacts`);

/** @param {string} circle @param {string} id @returns {Promise<Pact>} */
export const readPact = (circle, id) => get(`/circles/${circle}/pacts/${id}`);

/** @param {string} circle @returns {Promise<Pact>} */
export const draftPact = (circle) => request("POST", `/circles/${circle}/pacts`);

/** @param {string} circle @param {string} id @param {object} content @returns {Promise<Pact>} */
export const changePact = (circle, id, content) => request("PUT", `/circles/${circle}/pacts/${id}`, { body: content });

/** @param {string} circle @param {Pact} pact  as it was read */
export const signPact = (circle, { id, document_hash }) => request("POST", `/circles/${circle}/pacts/${id}/signature`, { body: { document_hash } });

/** @param {string} circle @param {string} id @param {string} language */
export const pactAddress = (circle, id, language) => `/api/circles/${circle}/pacts/${id}/document.pdf${query({ language })}`;

/**
 * @param {string} circle
 * @param {{ year: number, quarter: number } | null} when  null: this one
 * @returns {Promise<DutyScore>}
 */
export const readScore = (circle, when) => get(`/circles/${circle}/duty-score${when ? query({ year: String(when.year), quarter: String(when.quarter) }) : ""}`);

/**
 * @param {string} circle
 * @param {{ duty_id: string, done_on: string, note: string }} record
 * @param {string} key  the same when it is sent again
 */
export const recordDuty = (circle, record, key) => request("POST", `/circles/${circle}/duty-records`, { body: record, headers: { "Idempotency-Key": key } });

/** @param {string} circle @param {string} id */
export const removeRecord = (circle, id) => request("DELETE", `/circles/${circle}/duty-records/${id}`);

/** @param {string} circle @param {string | null} first  a day; null: today @param {number} days @returns {Promise<Roster>} */
export const readRoster = (circle, first, days) => get(`/circles/${circle}/roster${query({ first, days: String(days) })}`);

/** @param {string} circle @param {object} shift */
export const addShift = (circle, shift) => request("POST", `/circles/${circle}/roster/shifts`, { body: shift });

/** @param {string} circle @param {string} id */
export const removeShift = (circle, id) => request("DELETE", `/circles/${circle}/roster/shifts/${id}`);

/** @param {string} circle @param {string} id @param {string} responder_id */
export const assignShift = (circle, id, responder_id) => request("PUT", `/circles/${circle}/roster/shifts/${id}`, { body: { responder_id } });

/** @param {string} circle @param {string} id @param {string | null} responder_id */
export const askForSwap = (circle, id, responder_id) => request("POST", `/circles/${circle}/roster/shifts/${id}/ask`, { body: { responder_id } });

/** @param {string} circle @param {string} id @param {boolean} accept */
export const answerSwap = (circle, id, accept) => request("POST", `/circles/${circle}/roster/shifts/${id}/answer`, { body: { accept } });

/** @param {string} circle @param {object} pattern */
export const addPattern = (circle, pattern) => request("POST", `/circles/${circle}/roster/patterns`, { body: pattern });

/** @param {string} circle @param {string} id */
export const removePattern = (circle, id) => request("DELETE", `/circles/${circle}/roster/patterns/${id}`);
