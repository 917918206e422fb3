// A rehearsal of a drill as the server has it: responder/domain/drills/rehearsal/rehearsal.py.

import type { Measure } from "./drills.js";

/** Milliseconds of the drill's clock, longitude and latitude; straight between two of them. */
export type Keyframe = readonly [number, number, number];

export interface RehearsedUnit {
  unit_id: string;
  partner_id: string;
  called_ms: number;
  expected_ms: number;
  arrived_ms: number | null;
  /** Empty where it does not set out. */
  track: readonly Keyframe[];
}

export interface Happening {
  at_ms: number;
  kind: string;
  unit_id: string | null;
  inject: number | null;
  objective: string | null;
  people: number | null;
  delay_ms: number | null;
}

export interface Outcome {
  key: string;
  measure: Measure;
  is_simulated: boolean;
  within_ms: number;
  took_ms: number | null;
  is_met: boolean;
}

/** In how many rehearsals an objective is met in time, and how long it takes in so many per cent of them. */
export interface ObjectiveChance {
  key: string;
  runs: number;
  met: number;
  p10_ms: number | null;
  p50_ms: number | null;
  p90_ms: number | null;
}

/** Why an objective is not met; which fields are given depends on the code. */
export interface Cause {
  code: string;
  unit_ids: readonly string[];
  inject: number | null;
  ms: number | null;
  count: number | null;
  need: number | null;
}

/** Where the plan breaks; which fields are given depends on the code. */
export interface PlanBreak {
  code: string;
  /** In how many of how many rehearsals; null where it does not depend on chance. */
  runs: number | null;
  holds_in: number | null;
  /** The first of them: times, units and causes are of this one. */
  seed: number | null;
  causes: readonly Cause[];
  objective: string | null;
  inject: number | null;
  unit_ids: readonly string[];
  partner_id: string | null;
  reason: string | null;
  have: number | null;
  need: number | null;
  is_assumed: boolean | null;
  lon: number | null;
  lat: number | null;
  street: string | null;
  took_ms: number | null;
  limit_ms: number | null;
}

interface Quantiles {
  measured_from: number;
}

export interface Rehearsal {
  seed: number;
  /** Where it goes on from a run; 0 from the call. */
  from_ms: number;
  spread: { turnout: Quantiles; travel: Quantiles; clearing_ms: Quantiles; count_ms: Quantiles; answer_ms: Quantiles; coming: number; coming_measured_from: number };
  units: readonly RehearsedUnit[];
  absent: readonly { unit_id: string; partner_id: string; reason: string }[];
  happenings: readonly Happening[];
  outcomes: readonly Outcome[];
  chances: readonly ObjectiveChance[];
  findings: readonly PlanBreak[];
  digest: string;
}

interface Estimate {
  median: number;
  n: number;
  low: number;
  high: number;
}

/** What past drills and alerts propose: responder/services/reach/calibration.py. */
export interface ShownCalibration {
  calibration: {
    turnouts: readonly { unit_id: string; before_s: number; after_s: number; estimate: Estimate }[];
    /** `estimate` is of actual travel over predicted travel. */
    speeds: readonly { profile: string; factor: number; estimate: Estimate }[];
    held_out: { n: number; before_s: number; after_s: number } | null;
  };
  journeys: readonly { unit_id: string; turnout_s: number | null; travel_s: number | null }[];
  profiles_version: string;
}
