// Findings of drills and the yearly programme as the server has them: responder/api/routes/drills/findings.py, programme.py.

export type FindingState = "open" | "doing" | "closed" | "dropped";

export interface Finding {
  id: string;
  text: string;
  state: FindingState;
  drill_id: string | null;
  objective: string | null;
  observation_id: string | null;
  owner_id: string | null;
  owner_name: string;
  /** The last day for it, such as 2025-01-31. */
  due_on: string | null;
  hazard_id: string | null;
  closure_id: string | null;
  lon: number | null;
  lat: number | null;
  version: number;
  created_at: string;
  created_by_name: string;
  changed_at: string;
  changed_by_name: string;
  closed_at: string | null;
  closed_by_name: string;
  note: string;
}

export interface FindingPage {
  findings: readonly Finding[];
  next: string | null;
  /** Of all that the viewer may see. */
  open: number;
  overdue: number;
  today: string;
}

/** What is typed into the form of a finding. */
export interface FindingWork {
  text: string;
  owner_id: string | null;
  owner_name: string;
  due_on: string | null;
  state: "open" | "doing";
  /** `new`: what `hazard` says is put on the map. */
  hazard_id: "new" | string | null;
  closure_id: string | null;
  hazard: NewHazard;
}

export interface NewHazard {
  kind: string;
  grade: "general" | "major";
  name: string;
  /** Where the map was tapped; null: where the finding comes from. */
  at: readonly [lon: number, lat: number] | null;
}

/** What a finding comes from. */
export interface FindingSource {
  drill?: string;
  observation?: string;
  objective?: string;
  /** Where that was. */
  at?: readonly [lon: number, lat: number];
  /** What the form begins with, or was left with. */
  typed?: Partial<FindingWork>;
  /** From the console of the drill, and back to it. */
  console?: boolean;
}

export type FindingFilter = "open" | "overdue" | "all";

export interface DrillRecord {
  id: string;
  name: string;
  mode: "field" | "tabletop";
  state: import("./drills.js").DrillState;
  on: string | null;
  took_part: readonly string[];
  is_announced: boolean;
  observations: number;
  findings: number;
  open_findings: number;
}

export interface Duty {
  /** Null: of the circle. */
  partner_id: string | null;
  drills: number;
  last_on: string | null;
  /** Null: there was none ever. */
  due_on: string | null;
  is_overdue: boolean;
  planned_on: string | null;
}

export interface DrillProgramme {
  year: number;
  every_days: number;
  today: string;
  drills: readonly DrillRecord[];
  circle: Duty;
  partners: readonly Duty[];
}
