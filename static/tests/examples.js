// Small snapshots to try the pure parts on.

export const VIEWER = Object.freeze({
  account_id: "acc-1",
  name: "文静",
  role: "responder",
  partner_id: "p-hospital",
  responder_ids: ["r-1"],
  unit_ids: ["u-1"],
});

/** As much of a catalogue as the tests need. */
export const CATALOGUE = Object.freeze({
  kinds: [
    { code: "fire", name_zh: "火情", name_en: "Fire", icon: "fire", severity: "red", emergency_number: "119", script_zh: [], script_en: [], wanted: [], is_offered: true },
    { code: "fall", name_zh: "坠落", name_en: "Fall", icon: "fall", severity: "orange", emergency_number: "120", script_zh: [], script_en: [], wanted: [], is_offered: false },
  ],
  severities: [],
  time_zone: "Asia/Shanghai",
});

/** @param {object} [change] */
export function circleSnapshot(change = {}) {
  return {
    circle: { id: "c", name: "脑科巷", name_en: "", centre: [112.985, 28.158], limit_s: 900, illustrative: true },
    epoch: "e1",
    seq: 5,
    event_id: "e-5",
    reach_version: 7,
    catalogue: CATALOGUE,
    partners: [],
    units: [],
    hazards: [],
    closures: [],
    incidents: [],
    positions: [],
    ...change,
  };
}

/**
 * @param {string} id
 * @param {object} [change]
 */
export function incident(id, { deliveries = [], alerts, response_circle, ...change } = {}) {
  return {
    incident: {
      id,
      circle_id: "c",
      exercise: false,
      kind: "fire",
      severity: "red",
      place: { lon: 112.985, lat: 28.158, label: "7栋", building_id: null, entrance: null },
      note: "",
      raised_at: "2026-01-01T12:00:00Z",
      raised_by: "acc-0",
      raised_by_name: "周岚",
      ended_at: null,
      end_reason: null,
      ended_by_name: null,
      ...change,
    },
    alerts: alerts ?? [alert(`a-${id}`, id)],
    response_circle: response_circle ?? { limit_s: 900, computed_at: "2026-01-01T12:00:00Z", members: [], non_members: [] },
    deliveries,
  };
}

/**
 * @param {string} id
 * @param {string} incident_id
 * @param {object} [change]
 */
export function alert(id, incident_id, change = {}) {
  return {
    id,
    incident_id,
    message_type: "Alert",
    exercise: false,
    headline: "火情：7栋",
    sent_at: "2026-01-01T12:00:00Z",
    references: [],
    ...change,
  };
}

/**
 * @param {string} alert_id
 * @param {string} recipient_id
 * @param {string} state
 * @param {object} [change]
 */
export function delivery(alert_id, recipient_id, state, change = {}) {
  return {
    alert_id,
    recipient_id,
    recipient_name: recipient_id,
    unit_id: "u-1",
    partner_id: "p-hospital",
    state,
    times: { [state]: "2026-01-01T12:00:01Z" },
    ...change,
  };
}

/**
 * @param {number} seq
 * @param {object} event
 */
export const event = (seq, event) => ({ type: "event", seq, id: `e-${seq}`, at: "2026-01-01T12:00:02Z", event, reach_version: 7 });
