import { webuiFarEnd } from "./webui-contract.ts";

webuiFarEnd("webui forge", { flavour: "forge" }, [
  { name: "openapi", kind: "json" },
  { name: "options", kind: "json" },
  { name: "loras", kind: "json" },
  { name: "make", kind: "json" },
  { name: "task", kind: "json" },
]);
