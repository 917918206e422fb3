// Sound, vibration and a screen that stays on, where the device permits them.

/** @type {AudioContext | null} */
let audio = null;
/** @type {readonly string[]} */
let ringingFor = [];
/** @type {ReturnType<typeof setInterval> | undefined} */
let ringing;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let ringingEnds;
/** @type {WakeLockSentinel | null} */
let wakeLock = null;

const RING_EVERY_MS = 2200;
const RING_FOR_MS = 60_000;

// Browsers play nothing before the first touch: get ready on it.
addEventListener("pointerdown", () => (audio ??= newAudio()), { once: true, capture: true });

function newAudio() {
  return "AudioContext" in globalThis ? new AudioContext() : null;
}

/**
 * Ring until told to stop, at most a minute after the last of the incidents has come.
 * @param {readonly string[]} incidentIds  those that wait for an answer
 * @param {{ exercise: boolean }} how
 */
export function soundAlarm(incidentIds, { exercise }) {
  const known = incidentIds.every((id) => ringingFor.includes(id));
  ringingFor = incidentIds;
  if (known) return;
  clearInterval(ringing);
  clearTimeout(ringingEnds);
  const once = () => {
    beep(exercise ? [520, 420] : [880, 660, 880]);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(exercise ? [200] : [400, 120, 400]);
  };
  once();
  ringing = setInterval(once, RING_EVERY_MS);
  ringingEnds = setTimeout(() => clearInterval(ringing), RING_FOR_MS);
}

export function stopAlarm() {
  clearInterval(ringing);
  clearTimeout(ringingEnds);
  ringingFor = [];
}

/** @param {readonly number[]} pitches */
function beep(pitches) {
  if (!audio || audio.state === "closed") return;
  void audio.resume();
  pitches.forEach((pitch, i) => {
    const at = /** @type {AudioContext} */ (audio).currentTime + i * 0.28;
    const tone = new OscillatorNode(/** @type {AudioContext} */ (audio), { type: "triangle", frequency: pitch });
    const loud = new GainNode(/** @type {AudioContext} */ (audio), { gain: 0 });
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.5, at + 0.02);
    loud.gain.linearRampToValueAtTime(0, at + 0.24);
    tone.connect(loud).connect(/** @type {AudioContext} */ (audio).destination);
    tone.start(at);
    tone.stop(at + 0.25);
  });
}

let awake = false;
let asking = false;

/**
 * Keep the screen on, or let it dim as usual. Refused on battery saving: then it dims.
 * @param {boolean} wanted
 */
export function stayAwake(wanted) {
  awake = wanted;
  void followWish();
}

async function followWish() {
  if (asking) return;
  asking = true;
  try {
    if (awake && !wakeLock && document.visibilityState === "visible") {
      wakeLock = (await navigator.wakeLock?.request("screen")) ?? null;
      wakeLock?.addEventListener("release", () => (wakeLock = null), { once: true });
    }
    if (!awake) await wakeLock?.release();
  } catch {
    wakeLock = null;
  } finally {
    asking = false;
  }
}

// A page that was covered or put away has lost its lock.
globalThis.document?.addEventListener("visibilitychange", () => void followWish());
