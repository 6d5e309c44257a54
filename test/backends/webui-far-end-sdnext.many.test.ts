import { webuiFarEnd } from "./webui-contract.ts";

webuiFarEnd("webui sdnext without jobs", { flavour: "sdnext" }, [
  { name: "openapi", kind: "json" },
  { name: "make", kind: "json" },
  { name: "progress", kind: "json" },
]);
