/** What the three say of themselves, as far as it tells them apart. Source: BACKENDS reference, 7. */
export function openApi(server: {
  readonly flavour: "a1111" | "reforge" | "forge" | "sdnext";
  readonly page: boolean;
  readonly api: boolean;
  readonly jobs: boolean;
}): unknown {
  const name = "StableDiffusionProcessingTxt2Img";
  const field = { type: "number" };
  const fields = {
    a1111: { prompt: field, cfg_scale: field, subseed: field, force_task_id: field },
    reforge: { prompt: field, cfg_scale: field, scheduler: field, subseed: field, force_task_id: field },
    forge: {
      prompt: field,
      cfg_scale: field,
      distilled_cfg_scale: field,
      scheduler: field,
      subseed: field,
      force_task_id: field,
    },
    sdnext: { prompt: field, cfg_scale: field, subseed: field },
  }[server.flavour];
  const schema = { $ref: `#/components/schemas/${name}` };
  const generation = {
    "/sdapi/v1/txt2img": { post: { requestBody: { content: { "application/json": { schema } }, required: true } } },
    "/sdapi/v1/progress": {},
    "/sdapi/v1/loras": {},
  };
  return {
    openapi: "3.1.0",
    info: { title: "FastAPI", version: "0.1.0" },
    paths: {
      "/config": {},
      ...(server.page ? { "/internal/progress": {}, "/internal/pending-tasks": {} } : {}),
      ...(server.api ? generation : {}),
      ...(server.flavour === "sdnext" ? { "/sdapi/v1/status": {}, "/internal/progress": {} } : {}),
      ...(server.jobs ? { "/sdapi/v2/jobs": {} } : {}),
    },
    components: { schemas: { [name]: { properties: fields }, Other: {} } },
  };
}
