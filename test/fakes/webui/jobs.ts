import type { FakeAnswer, FakeRoute } from "../http-server.ts";
import { jobBody } from "./bodies.ts";
import type { FakeWork, oneAtATime } from "./lock.ts";

/** SD.Next's own queue, in front of the same lock. */
export function jobRoutes(
  lock: ReturnType<typeof oneAtATime>,
  drawn: (body: FakeWork["body"]) => Uint8Array,
): readonly FakeRoute[] {
  const told = (own: FakeWork) => ({
    id: own.id,
    type: "generate",
    status: { waiting: "pending", running: "running", done: "completed", cancelled: "cancelled" }[own.state],
    progress: 0.25,
    step: own.state === "running" ? 1 : 0,
    steps: Number(own.body["steps"] ?? 0),
    created_at: "2026-01-01T00:00:00",
    started_at: own.state === "waiting" ? null : "2026-01-01T00:00:01",
    completed_at: own.state === "done" ? "2026-01-01T00:00:09" : null,
    error: null,
    result:
      own.state === "done" ? { images: [{ index: 0, url: "x", width: 1, height: 1, format: "png", size: 1 }] } : null,
  });
  const of = (id: string | undefined, then: (own: FakeWork) => FakeAnswer): FakeAnswer => {
    const own = lock.work.find((each) => each.id === id);
    return own ? then(own) : { json: { detail: `Job not found: ${id}` }, status: 404 };
  };
  return [
    { method: "GET", path: "/sdapi/v2/jobs", exchange: "openapi", handle: () => ({ json: { items: [], total: 0 } }) },
    {
      method: "POST",
      path: "/sdapi/v2/jobs",
      exchange: "submit",
      body: jobBody,
      handle: ({ body }) => ({ json: told(lock.add(body as Record<string, unknown>, true)), status: 202 }),
    },
    {
      method: "GET",
      path: "/sdapi/v2/jobs/:id",
      exchange: "job",
      handle: ({ params }) => of(params["id"], (own) => ({ json: told(own) })),
    },
    {
      method: "GET",
      path: "/sdapi/v2/jobs/:id/images/:index",
      exchange: "picture",
      handle: ({ params }) => of(params["id"], (own) => ({ bytes: drawn(own.body), mime: "image/png" })),
    },
    {
      method: "DELETE",
      path: "/sdapi/v2/jobs/:id",
      exchange: "cancel",
      handle: ({ params }) =>
        of(params["id"], (own) => {
          if (own.state === "waiting") lock.takeOut(own);
          else if (own.state === "running") lock.interrupt();
          else return { json: { detail: "Job cannot be cancelled" }, status: 409 };
          return { json: { id: own.id, status: "cancelled" } };
        }),
    },
  ];
}
