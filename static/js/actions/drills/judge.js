// An evaluator judges an objective that only people can judge: it is an observation about it.

import { request } from "../../lib/api.js";
import { model } from "../../state/model.js";
import { refresh } from "../../state/resources.js";

/**
 * @param {string} drillId
 * @param {{ id: string, at: string, verdict: "good" | "improve", text: string, objective: string }} judgement  `id` of an earlier one of the same person changes that, except for its moment
 */
export async function judgeObjective(drillId, { id, ...said }) {
  const { circleId } = model.value;
  await request("PUT", `/circles/${circleId}/drills/${drillId}/observations/${id}`, { body: said });
  refresh("drillRun");
}
