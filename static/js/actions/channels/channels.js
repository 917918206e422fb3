// A circle's services that carry messages, one's own channels, and what became of messages.

import { get, request } from "../../lib/api.js";

/**
 * @typedef {import("../../types/channels.js").CircleChannels} CircleChannels
 * @typedef {import("../../types/channels.js").OwnChannels} OwnChannels
 */

/**
 * @param {string} circleId
 * @returns {Promise<CircleChannels>}
 */
export const listChannels = (circleId) => get(`/circles/${circleId}/channels`);

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/channels.js").ChannelFields[]>}
 */
export const listFields = (circleId) => get(`/circles/${circleId}/channels/fields`);

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/channels.js").ChannelReport>}
 */
export const channelReport = (circleId) => get(`/circles/${circleId}/channels/report`);

/** @param {string} circleId */
export const testChannels = (circleId) => request("POST", `/circles/${circleId}/channels/test`);

/**
 * @param {string} circleId
 * @param {{ channel: string, name: string, settings: Record<string, string>, outside_public: boolean }} body
 */
export const addService = (circleId, body) => request("POST", `/circles/${circleId}/channels`, { body });

/**
 * @param {string} circleId
 * @param {string} id
 * @param {{ enabled?: boolean, name?: string, settings?: Record<string, string | null> }} body
 */
export const changeService = (circleId, id, body) => request("PATCH", `/circles/${circleId}/channels/${id}`, { body });

/**
 * @param {string} circleId
 * @param {string} id
 */
export const removeService = (circleId, id) => request("DELETE", `/circles/${circleId}/channels/${id}`);

/**
 * @param {string} circleId
 * @param {string} id
 * @returns {Promise<string>} where the service reports, told this once
 */
export async function replyAddress(circleId, id) {
  const made = await request("POST", `/circles/${circleId}/channels/${id}/reply-token`);
  return location.origin + made.path;
}

/**
 * @param {string} circleId
 * @param {number} seconds
 */
export const setNextChannel = (circleId, seconds) =>
  request("PUT", `/circles/${circleId}/channels/policy`, { body: { next_channel_after_s: seconds } });

/**
 * @param {string} circleId
 * @returns {Promise<OwnChannels>}
 */
export const listOwn = (circleId) => get(`/circles/${circleId}/my-channels`);

/**
 * @param {string} circleId
 * @param {string} serviceId
 * @param {string} address
 */
export const addContact = (circleId, serviceId, address) =>
  request("POST", `/circles/${circleId}/my-channels`, { body: { service_id: serviceId, address } });

/**
 * @param {string} circleId
 * @param {string} id
 */
export const removeContact = (circleId, id) => request("DELETE", `/circles/${circleId}/my-channels/${id}`);

/**
 * @param {string} circleId
 * @param {string} id
 */
export const sendCode = (circleId, id) => request("POST", `/circles/${circleId}/my-channels/${id}/code`);

/**
 * @param {string} circleId
 * @param {string} id
 * @param {string} code
 */
export const verifyContact = (circleId, id, code) =>
  request("POST", `/circles/${circleId}/my-channels/${id}/verification`, { body: { code } });

/**
 * @param {string} circleId
 * @param {string} id
 */
export const sendTest = (circleId, id) => request("POST", `/circles/${circleId}/my-channels/${id}/test`);

/**
 * @param {string} circleId
 * @param {string[]} ids  the one to try first at the front
 */
export const orderContacts = (circleId, ids) =>
  request("PUT", `/circles/${circleId}/my-channels/order`, { body: { contact_ids: ids } });

/**
 * @param {string} circleId
 * @param {[string, string] | null} quiet
 */
export const setQuiet = (circleId, quiet) => request("PUT", `/circles/${circleId}/my-channels/quiet-hours`, { body: { quiet } });

/**
 * @param {string} circleId
 * @param {"zh-CN" | "en"} language  of messages
 */
export const setMessageLanguage = (circleId, language) => request("PUT", `/circles/${circleId}/my-channels/language`, { body: { language } });

/**
 * Have this browser take messages, also when the page is shut.
 * @param {string} key  of the service
 * @returns {Promise<string>} the address that it gives
 */
export async function subscribeBrowser(key) {
  if (!("serviceWorker" in navigator) || !("PushManager" in globalThis)) throw new NoPushError("no_push");
  const worker = await navigator.serviceWorker.ready;
  try {
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    return JSON.stringify(subscription.toJSON());
  } catch (error) {
    const denied = error instanceof DOMException && error.name === "NotAllowedError";
    throw new NoPushError(denied ? "push_denied" : "no_push");
  }
}

/** The browser takes no messages: the person said no, or it has no push service that can be reached. */
export class NoPushError extends Error {}

/**
 * @param {string} circleId
 * @param {string} incidentId
 * @returns {Promise<import("../../types/channels.js").MessageProof[]>}
 */
export const messagesOf = async (circleId, incidentId) => (await get(`/circles/${circleId}/incidents/${incidentId}/messages`)).messages;
