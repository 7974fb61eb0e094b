/**
 * The JSON shapes of the API, for callers in TypeScript: the twin of `src/api/views.py`.
 *
 * Callers never saw the DurableObject behind it, so they need not know when it is gone.
 */

export type Status = "queued" | "running" | "completed" | "failed";

export interface StepView {
  name: string;
  status: "pending" | "completed" | "failed";
  attempts: number;
  artifact: string | null;
}

export interface WorkflowView {
  id: string;
  title: string;
  repository: string;
  status: Status;
  created_at: string;
  updated_at: string;
  error: string | null;
  pull_request: string | null;
  steps: StepView[];
}

export interface EventView {
  at: string;
  workflow: string | null;
  actor: string;
  action: string;
  detail: string;
}

export interface HistoryView {
  workflow: string;
  events: EventView[];
}

/** What is done of a workflow, from 0 to 1. */
export function progress(view: WorkflowView): number {
  const done = view.steps.filter((step) => step.status === "completed");
  return view.steps.length === 0 ? 0 : done.length / view.steps.length;
}

/** The status of a workflow of the service at `origin`. */
export async function workflow(origin: string, id: string): Promise<WorkflowView> {
  const answer = await fetch(new URL(`/workflows/${encodeURIComponent(id)}`, origin));
  if (!answer.ok) {
    throw new Error(`the service answers ${answer.status}`);
  }
  return (await answer.json()) as WorkflowView;
}
