// What the page knows of its circle. Pure: `apply` returns a new state and touches nothing else.
//
// Golden rule: old snapshot + events = new snapshot, the same as in responder/domain/fold.py.

/**
 * @typedef {import("./messages.js").ServerMessage} ServerMessage
 * @typedef {import("./messages.js").EventMessage} EventMessage
 * @typedef {import("./messages.js").PositionMessage} PositionMessage
 * @typedef {import("./messages.js").CirclePicture} CirclePicture
 * @typedef {import("./messages.js").IncidentPicture} IncidentPicture
 * @typedef {import("./messages.js").Delivery} Delivery
 * @typedef {import("./messages.js").ViewerCard} ViewerCard
 */

/**
 * @typedef {object} CircleState
 * @property {ViewerCard | null} viewer
 * @property {CirclePicture | null} picture  null until the first snapshot
 */

/** Ended incidents that a picture keeps; ENDED_KEPT of responder/domain/picture.py. */
export const ENDED_KEPT = 10;

/** @type {Readonly<CircleState>} */
export const NOTHING_YET = Object.freeze({ viewer: null, picture: null });

/**
 * Take one message from the server into account. Kinds and fields that are not known are skipped.
 * @param {CircleState} state
 * @param {ServerMessage} message
 * @returns {CircleState} the very same object when nothing changed
 */
export function apply(state, message) {
  switch (message.type) {
    case "snapshot":
      return { viewer: message.viewer, picture: message.picture };
    case "resumed":
      return { ...state, viewer: message.viewer };
    case "event":
      return applyEvent(state, message);
    case "position":
      return applyPosition(state, message);
    default:
      return state;
  }
}

/**
 * @param {CircleState} state
 * @param {EventMessage} message
 * @returns {CircleState}
 */
function applyEvent(state, message) {
  const { picture } = state;
  if (!picture || message.seq <= picture.seq) return state;
  return { ...state, picture: { ...foldEvent(picture, message.event), seq: message.seq } };
}

/**
 * @param {CirclePicture} picture
 * @param {EventMessage["event"]} event
 * @returns {CirclePicture}
 */
export function foldEvent(picture, event) {
  switch (event.kind) {
    case "alert_raised":
      return withIncident(picture, event.picture);
    case "circle_recomputed":
      return changeIncident(picture, event.incident_id, (incident) => ({
        ...incident,
        response_circle: event.response_circle,
      }));
    case "delivery_advanced":
      return changeIncident(picture, event.incident_id, (incident) => ({
        ...incident,
        deliveries: withDelivery(incident.deliveries, event.delivery),
      }));
    case "incident_ended":
      return keepLastEnded(
        changeIncident(picture, event.incident.id, (incident) => ({
          ...incident,
          incident: event.incident,
          alerts: [...incident.alerts.filter((alert) => alert.id !== event.alert.id), event.alert],
          deliveries: event.deliveries.reduce(withDelivery, incident.deliveries),
        })),
      );
    case "closure_set":
      return { ...picture, closures: replaced(picture.closures, event.closure) };
    case "closure_lifted":
      return { ...picture, closures: picture.closures.filter((closure) => closure.id !== event.closure_id) };
    case "unit_changed":
      return { ...picture, units: replaced(picture.units, event.unit) };
    case "hazard_changed":
      return { ...picture, hazards: replaced(picture.hazards, event.hazard) };
    default:
      return picture;
  }
}

/**
 * @param {CircleState} state
 * @param {PositionMessage} message
 * @returns {CircleState}
 */
function applyPosition(state, message) {
  const { picture } = state;
  if (!picture) return state;
  const known = picture.positions.find((position) => position.unit_id === message.unit_id);
  if (known && Date.parse(known.at) >= Date.parse(message.at)) return state;
  const { unit_id, lon, lat, accuracy_m, at } = message;
  const others = picture.positions.filter((position) => position.unit_id !== unit_id);
  return { ...state, picture: { ...picture, positions: [...others, { unit_id, lon, lat, accuracy_m, at }] } };
}

/**
 * @template {{ id: string }} T
 * @param {readonly T[]} things
 * @param {T} thing
 * @returns {T[]} with `thing` in the place of the one with its id, or at the end
 */
function replaced(things, thing) {
  return things.some((other) => other.id === thing.id)
    ? things.map((other) => (other.id === thing.id ? thing : other))
    : [...things, thing];
}

/**
 * @param {CirclePicture} picture
 * @param {IncidentPicture} incident
 * @returns {CirclePicture}
 */
function withIncident(picture, incident) {
  const known = picture.incidents.some((other) => other.incident.id === incident.incident.id);
  const incidents = known
    ? picture.incidents.map((other) => (other.incident.id === incident.incident.id ? incident : other))
    : [...picture.incidents, incident];
  return { ...picture, incidents };
}

/**
 * @param {CirclePicture} picture
 * @param {string} incidentId
 * @param {(incident: IncidentPicture) => IncidentPicture} change
 * @returns {CirclePicture}
 */
function changeIncident(picture, incidentId, change) {
  if (!picture.incidents.some((other) => other.incident.id === incidentId)) return picture;
  const incidents = picture.incidents.map((other) => (other.incident.id === incidentId ? change(other) : other));
  return { ...picture, incidents };
}

/**
 * @param {readonly Delivery[]} deliveries
 * @param {Delivery} delivery
 * @returns {Delivery[]}
 */
function withDelivery(deliveries, delivery) {
  const same = (/** @type {Delivery} */ other) =>
    other.alert_id === delivery.alert_id && other.recipient_id === delivery.recipient_id;
  if (deliveries.some(same)) return deliveries.map((other) => (same(other) ? delivery : other));
  return [...deliveries, delivery];
}

/**
 * @param {CirclePicture} picture
 * @returns {CirclePicture}
 */
function keepLastEnded(picture) {
  const ended = picture.incidents
    .filter((picture_) => picture_.incident.ended_at !== null)
    .sort((a, b) => endedOrder(a).localeCompare(endedOrder(b)));
  const dropped = new Set(ended.slice(0, Math.max(0, ended.length - ENDED_KEPT)).map((each) => each.incident.id));
  if (dropped.size === 0) return picture;
  return { ...picture, incidents: picture.incidents.filter((each) => !dropped.has(each.incident.id)) };
}

/** @param {IncidentPicture} picture */
const endedOrder = (picture) => `${picture.incident.ended_at}\u0000${picture.incident.id}`;
