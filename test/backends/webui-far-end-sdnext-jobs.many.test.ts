import { webuiFarEnd } from "./webui-contract.ts";

webuiFarEnd("webui sdnext with jobs", { flavour: "sdnext", jobs: true }, [
  { name: "openapi", kind: "json" },
  { name: "submit", kind: "json" },
  { name: "job", kind: "json" },
  { name: "picture", kind: "picture" },
]);
