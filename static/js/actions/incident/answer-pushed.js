// An answer to an alert of which only the notification has come so far: kept, and sent as soon as there is a way.

import { stopAlarm } from "../../lib/attention.js";
import { now } from "../../lib/clock.js";
import { STORAGE } from "../../lib/storage.js";
import { liveClient } from "../../live/client-holder.js";
import { load, queued, save, storageKeyOf } from "../../live/outbox.js";
import { model } from "../../state/model.js";
import { hasJustAppeared } from "../map/navigation.js";

/**
 * @param {import("../../types/page.js").PushedAlert} pushed
 * @param {"accepted" | "declined"} state
 */
export function answerPushed({ alert_id, circle_id }, state) {
  if (hasJustAppeared()) return;
  stopAlarm();
  if (liveClient.current) return liveClient.current.answer(alert_id, state);
  const key = storageKeyOf(circle_id);
  const item = { action_id: crypto.randomUUID(), alert_id, state, at: new Date(now()).toISOString(), circle_id };
  const items = queued(load(STORAGE, key), item);
  save(STORAGE, key, items);
  model.set({ outbox: items });
}
