// Write findings of drills down, change and close them.

import { request } from "../../lib/api.js";
import { model } from "../../state/model.js";
import { refresh } from "../../state/resources.js";

/** @typedef {import("../../types/findings.js").Finding} Finding */

/**
 * @param {"POST" | "PUT"} method
 * @param {string} path  after `findings`
 * @param {object} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Finding | null>} null when another circle is looked at by now
 */
async function send(method, path, body, headers) {
  const { circleId } = model.value;
  const saved = await request(method, `/circles/${circleId}/findings${path}`, { body, headers });
  if (model.value.circleId !== circleId) return null;
  refresh("findings");
  return saved;
}

/**
 * @param {object} body
 * @param {string} key  the same when it is sent again
 */
export const createFinding = (body, key) => send("POST", "", body, { "Idempotency-Key": key });

/**
 * @param {Finding} finding  as it was seen
 * @param {object} work
 */
export const changeFinding = (finding, work) => send("PUT", `/${finding.id}`, { ...work, expected_version: finding.version });

/**
 * @param {Finding} finding
 * @param {{ note: string, settle: boolean, drop: boolean }} said
 */
export const closeFinding = (finding, said) => send("POST", `/${finding.id}/close`, said);
