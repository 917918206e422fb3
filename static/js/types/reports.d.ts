// Reports of residents, and the link by which they come.

export type ReportKind = "blocked_lane" | "ebike_charging" | "clutter" | "wiring" | "other";
export type DismissalReason = "unclear" | "gone" | "no_hazard" | "elsewhere" | "not_ours" | "misuse";

export interface Report {
  id: string;
  kind: ReportKind;
  building_id: string | null;
  lon: number;
  lat: number;
  accuracy_m: number | null;
  place: string;
  place_en: string;
  text: string;
  has_photo: boolean;
  reported_at: string;
  state: "waiting" | "accepted" | "dismissed";
  reason: DismissalReason | null;
  hazard_id: string | null;
  shows_text: boolean;
  shows_photo: boolean;
  decided_at: string | null;
  decided_by_name: string;
}

export interface ListedReport {
  report: Report;
  /** What the public reads of it. */
  progress: "waiting" | "dismissed" | "received" | "mending" | "mended" | "removed";
}

export interface ReportPage {
  reports: readonly ListedReport[];
  next: string | null;
  waiting: number;
  accepted: number;
  dismissed: number;
}

export interface ShownReportLink {
  link: { path: string; opened_at: string } | null;
}

/** How a report is accepted: as a new hazard, or as one that is known. */
export interface Acceptance {
  hazard: { kind: string; name: string; grade: string; clear_width_m: number | null } | null;
  hazard_id: string | null;
  shows_text: boolean;
  shows_photo: boolean;
}
