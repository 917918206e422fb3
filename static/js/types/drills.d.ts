// Drills as the server has them: responder/domain/drills/plan.py, and what is typed into a plan here.

import type { DrillRun, Fact, PartnerKind, Place, ResponseCircle } from "./messages.js";

export type DrillState = "planned" | "running" | "paused" | "ended" | "called_off";
export type Measure = "first_on_scene" | "partner_on_scene" | "coming" | "lane_clear" | "counted" | "observed";
export type InjectKind = "message" | "telephone" | "hazard" | "closure" | "unit_out" | "casualty";

export interface Objective {
  key: string;
  text: string;
  measure: Measure;
  within_s: number;
  since_inject: number | null;
  partner_kind: PartnerKind | null;
  count: number | null;
}

export interface WaitsFor {
  kind: "on_scene" | "objective" | "inject";
  objective: string | null;
  inject: number | null;
}

export interface PlannedClosure {
  geometry: GeoJSON.LineString | GeoJSON.Polygon | GeoJSON.Point;
  wider_than_m: number | null;
}

export interface Inject {
  /** From 1; unique in the plan. */
  number: number;
  /** Since the start on the drill's clock, or since what it waits for. */
  after_s: number;
  kind: InjectKind;
  text: string;
  expected: string;
  /** Whom it is for; empty is all who take part. */
  partner_ids: readonly string[];
  objective: string | null;
  waits_for: WaitsFor | null;
  expires_after_s: number;
  lon: number | null;
  lat: number | null;
  closure: PlannedClosure | null;
  unit_id: string | null;
  /** Whom a lane that is not drawn yet is to be closed to. */
  wider_than_m?: number | null;
  /** A picture for those whom it is for. */
  photo_id: string | null;
}

export interface DrillPlan {
  name: string;
  mode: "field" | "tabletop";
  kind: string;
  place: Place;
  starts_at: string | null;
  duration_s: number;
  scenario: string;
  notice: string;
  /** Empty is every partner of the circle. */
  partner_ids: readonly string[];
  objectives: readonly Objective[];
  /** By number. */
  injects: readonly Inject[];
  template: string | null;
}

export interface DrillCard {
  id: string;
  state: DrillState;
  name: string;
  mode: "field" | "tabletop";
  kind: string;
  place: Place;
  starts_at: string | null;
  duration_s: number;
  notice: string;
  partner_ids: readonly string[];
  revision: number;
  ended_at: string | null;
}

/** What keeps a plan from being ready; lists in `field` count from 0. */
export interface PlanProblem {
  code: string;
  field: string;
}

export interface Drill {
  id: string;
  state: DrillState;
  plan: DrillPlan;
  revision: number;
  version: string;
  created_at: string;
  created_by_name: string;
  changed_at: string;
  changed_by_name: string;
  problems: readonly PlanProblem[];
}

/** What is typed over a plan, until it is saved. */
export interface DrillDraft {
  id: string;
  plan: DrillPlan;
  /** Of the plan that it began from. */
  version: string;
  sending: boolean;
  refused: Refusal | null;
}

export interface Refusal {
  code: string;
  /** Such as `injects.5.text`: lists by number of the inject or key of the objective. */
  field: string | null;
  /** Who was quicker. */
  by: string | null;
}

/** Something to begin a plan from. */
export interface DrillTemplate {
  key: string;
  name: { zh: string; en: string };
  kind: string;
  duration_s: number;
}

export interface ObjectiveOutcome {
  key: string;
  within_s: number;
  /** On the drill's clock, however late; null while it is not met. */
  met_at_s: number | null;
  /** On the objective's own clock. */
  took_s: number | null;
  in_time: boolean;
  /** As the score and the report tell it. */
  outcome: "met" | "missed" | "not_measured";
  /** Why nothing can be said of it. */
  unmeasured: "still_running" | "no_calls" | "inject_not_given" | "not_counted" | "not_observed" | null;
}

/** What participants said of a drill, and the link by which they do. */
export interface ShownFeedback {
  /** Null while none is open. */
  link: { path: string; ends_at: string } | null;
  summary: {
    answers: number;
    questions: readonly { key: string; text: string; text_en: string; counts: readonly number[]; n: number; mean: number | null }[];
    texts: readonly { id: string; text: string }[];
  };
}

export interface Observation {
  id: string;
  drill_id: string;
  at: string;
  by: string | null;
  by_name: string;
  partner_id: string | null;
  verdict: "good" | "improve" | "note";
  text: string;
  objective: string | null;
  lon: number | null;
  lat: number | null;
  has_photo: boolean;
}

/** A drill as it runs or ran; not yet, without a run. */
export interface ShownRun {
  drill: Drill;
  run: DrillRun | null;
  /** How many people its start would call, before it; null where that is not known. */
  people?: number | null;
  facts: readonly Fact[];
  outcomes: readonly ObjectiveOutcome[];
  observations: readonly Observation[];
}

export interface ReachStage {
  /** Null where it waits for an objective, which may be met at any time. */
  from_s: number | null;
  /** Numbers of the injects that begin it; none at the start. */
  injects: readonly number[];
  /** By then out of service; listed as off duty. */
  units_out: readonly string[];
  reach: ResponseCircle;
}

/** Who should arrive when, before anyone walks: at the start and after each inject that changes the way. */
export interface PlannedReach {
  at: string;
  stages: readonly ReachStage[];
  /** How many injects would make more stages. */
  left_out: number;
  /** How many people its start would call; none in a tabletop. */
  people: number;
}

/** What is wrong with a sheet, or should be known of it. */
export interface SheetMessage {
  code: string;
  level: "error" | "warning";
  /** Of the sheet, from 1; null when it is about the file. */
  row: number | null;
  column: string | null;
  value: string;
  zh: string;
  en: string;
}

/** What would come of a sheet of injects. */
export interface SheetPreview {
  messages: readonly SheetMessage[];
  importable: boolean;
  added: readonly number[];
  changed: readonly { number: number; fields: readonly string[] }[];
  removed: readonly number[];
  unchanged: number;
  version: string;
}
